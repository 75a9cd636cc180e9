import { describe, expect, test } from "vitest";
import type { InputError } from "../../../src/engine/errors.ts";
import { estimateAtRate } from "../../../src/engine/estimate/at-rate.ts";
import { summarize } from "../../../src/engine/metrics/summarize.ts";
import type { Server } from "../../../src/engine/server.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { lognormal } from "../../../src/engine/workload/lengths.ts";

const h100: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const servers: readonly (readonly [Server, prompt: number, output: number])[] = [
  [h100, 1000, 300],
  [{ model: "llama-3.1-70b", gpu: "h100-sxm-80", tensorParallel: 4 }, 2000, 200],
  [{ model: "llama-3.1-8b", gpu: "l4", weights: "fp8" }, 1000, 300],
];

describe("an estimate at a rate", () => {
  test("has the means that the simulator finds, up to four fifths of the capacity", () => {
    for (const [server, prompt, output] of servers)
      for (const share of [0.3, 0.6, 0.8]) {
        const rate = share * estimateAtRate(server, { prompt, output, rate: 0.01 }).capacity.value;
        const told = estimateAtRate(server, { prompt, output, rate });
        const run = simulate(server, {
          arrivals: { kind: "poisson", rate },
          prompt: lognormal({ mean: prompt, sigma: 0.6 }),
          output: lognormal({ mean: output, sigma: 0.6 }),
          requests: 2500,
        });
        const seen = summarize(run, { window: "steady" });
        expect(told.load).toBeCloseTo(share, 9);
        expect(Math.abs(told.ttft.value / seen.ttft.mean - 1), `TTFT at ${share}`).toBeLessThan(0.15);
        expect(Math.abs(told.tpot.value / seen.tpot.mean - 1), `TPOT at ${share}`).toBeLessThan(0.12);
      }
  });

  test("prints no latency where requests come faster than they can be served", () => {
    const { capacity } = estimateAtRate(h100, { prompt: 1000, output: 300, rate: 1 });
    const over = estimateAtRate(h100, { prompt: 1000, output: 300, rate: capacity.value });
    expect(over.stable).toBe(false);
    expect([over.ttft.value, over.tpot.value, over.e2e.value]).toEqual([NaN, NaN, NaN]);
    expect(over.inFlight).toBe(Infinity);
  });

  test("obeys Little's law, and divides the load over replicas", () => {
    const one = estimateAtRate(h100, { prompt: 1000, output: 300, rate: 5 });
    expect(one.inFlight).toBeCloseTo(5 * one.e2e.value, 6);
    const two = estimateAtRate({ ...h100, replicas: 2 }, { prompt: 1000, output: 300, rate: 10 });
    expect(two.e2e.value).toBeCloseTo(one.e2e.value, 9);
    expect(two.capacity.value).toBeCloseTo(2 * one.capacity.value, 6);
  });

  test("a cached prefix shortens the first token and raises the capacity", () => {
    const plain = estimateAtRate(h100, { prompt: 4000, output: 100, rate: 3 });
    const cached = estimateAtRate(h100, { prompt: 4000, cached: 3000, output: 100, rate: 3 });
    expect(cached.ttft.value).toBeLessThan(plain.ttft.value / 2);
    expect(cached.capacity.value).toBeGreaterThan(1.5 * plain.capacity.value);
  });

  test("an answer of one token has no time per token", () => {
    const { tpot, ttft, e2e } = estimateAtRate(h100, { prompt: 1000, output: 1, rate: 1 });
    expect(tpot.value).toBeNaN();
    expect(e2e).toEqual(ttft);
  });

  test("names what is wrong with a load", () => {
    for (const [load, field] of [
      [{ prompt: 0, output: 1, rate: 1 }, "load.prompt"],
      [{ prompt: 200_000, output: 1, rate: 1 }, "load.prompt"],
      [{ prompt: 10, cached: 10, output: 1, rate: 1 }, "load.cached"],
      [{ prompt: 10, output: 1, rate: 0 }, "load.rate"],
    ] as const)
      expect(() => estimateAtRate(h100, load)).toThrow(expect.objectContaining({ field }) as InputError);
    expect(() => estimateAtRate({ model: "llama-3.1-70b", gpu: "l4" }, { prompt: 1, output: 1, rate: 1 })).toThrow(
      /GPU/,
    );
  });
});
