/** Every number and figure of the p99 article, computed by our own metrics. Latencies in seconds. */
import { distribution, lognormal, percentileInterval, sample, tail } from "../../engine/index.ts";
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import { ecdf } from "../../engine/chart/index.ts";

const seed = 11;
export const origin: ChartOrigin = { kind: "simulated", seed };
const draws = 100_000;

/** Lognormal latencies around `medianMs`, in seconds. */
function latencies(medianMs: number, sigma: number, n: number, stream: number): Float64Array {
  return sample(lognormal({ median: medianMs, sigma }), n, seed + stream).map((ms) => ms / 1000);
}

/** Reads percentiles once. */
function read(values: Float64Array) {
  const { n, mean, p } = distribution(values);
  return { n, mean, p50: p(50), p95: p(95), p98: p(98), p99: p(99), p999: p(99.9) };
}

const memory = new Map<string, unknown>();
function once<T>(name: string, make: () => T): T {
  if (!memory.has(name)) memory.set(name, make());
  return memory.get(name) as T;
}

// ── one distribution, three stories ──
const plain = () => once("plain", () => latencies(500, 0.6, draws, 0));
export const stories = () => once("stories", () => read(plain()));

export function storiesChart(): ChartDescription {
  const { p50, mean, p99 } = stories();
  return ecdf({
    title: "One service, three honest numbers",
    x: { label: "Latency", unit: "s" },
    samples: [{ name: "service", values: plain() }],
    marks: [
      { x: p50, label: "p50" },
      { x: mean, label: "mean" },
      { x: p99, label: "p99" },
    ],
  });
}

// ── fan-out ──
export const slowShare = (n: number): number => tail.fanout(0.01, n);

/** The fan-out at which a slow reply becomes more likely than not. */
export function evenOdds(): number {
  let n = 1;
  while (slowShare(n) < 0.5) n++;
  return n;
}

// ── a service with a slow mode: 98 % of replies around 1 s, 2 % around 8 s ──
const modes = () =>
  once("modes", () => {
    const slow = latencies(8000, 0.2, draws * 0.02, 2);
    return Float64Array.from([...latencies(1000, 0.2, draws * 0.98, 1), ...slow]);
  });
export const call = () => once("call", () => read(modes()));

/** A task of `calls` calls, one after the other, drawn from the service with a slow mode. */
export function task(calls: number) {
  return once(`task-${calls}`, () => {
    const values = modes();
    // A fixed stride that shares no factor with the sample visits every value once: a shuffle that needs no random numbers.
    const stride = 61_803;
    const tasks = Math.floor(values.length / calls);
    return read(
      Float64Array.from({ length: tasks }, (_, index) => {
        let sum = 0;
        for (let k = 0; k < calls; k++) sum += values[((index * calls + k) * stride) % values.length] ?? 0;
        return sum;
      }),
    );
  });
}

// ── hedging ──
export function hedged(trigger: "p95" | "p98" | "p99") {
  return once(`hedged-${trigger}`, () => {
    const at = call()[trigger];
    const extra = modes().filter((value) => value > at).length / draws;
    return { ...read(tail.hedge(modes(), at, seed)), extra };
  });
}

// ── averaging ──
/** Nine servers alike and one ten times slower, equal traffic. */
export function fleet() {
  return once("fleet", () => {
    const servers = Array.from({ length: 10 }, (_, index) =>
      latencies(index === 9 ? 500 : 50, 0.6, draws / 10, 20 + index),
    );
    const each = servers.map((values) => distribution(values).p(99));
    const all = Float64Array.from(servers.flatMap((values) => [...values]));
    return {
      typical: each[0] ?? NaN,
      slow: each[9] ?? NaN,
      meanOfP99s: each.reduce((a, b) => a + b, 0) / each.length,
      p99: distribution(all).p(99),
    };
  });
}

// ── small samples ──
export function samples() {
  return [50, 100, 300, 1000, 10_000].map((n) => {
    const values = plain().slice(0, n);
    return { n, p99: distribution(values).p(99), interval: percentileInterval(values, 99) };
  });
}
