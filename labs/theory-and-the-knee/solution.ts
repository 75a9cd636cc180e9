import { chart, param, queueing, type Run } from "perflab";
import { serve, simulated } from "./traffic.ts";

/** Requests a second that the server finishes while it is full: from when a fifth of them are done until four fifths are. */
export function capacity(run: Run): number {
  const ends = [...run.requests.last].sort((a, b) => a - b);
  const [from, to] = [Math.floor(0.2 * ends.length), Math.floor(0.8 * ends.length)];
  return (to - from) / (ends[to] - ends[from]);
}

/** How many times apart two values are, whichever is the larger. */
export function timesOff(a: number, b: number): number {
  return Math.max(a / b, b / a);
}

/** The highest of `rates` up to which `p99` keeps the limit at every rate, or 0. */
export function safeRate(p99: (rate: number) => number, rates: readonly number[], limit: number): number {
  let safe = 0;
  for (const rate of [...rates].sort((a, b) => a - b)) {
    if (p99(rate) > limit) break;
    safe = rate;
  }
  return safe;
}

const seeds = [1];
const rates = [6, 10, 12, 14, 18, 20, 22];
const limit = param("limit") / 1000;
// Everybody comes at forty a second, so that the server is never idle.
const service = 1 / capacity(serve(40, 1));
const curves = [
  { name: "M/M/1", p99: (rate: number) => queueing.mm1({ rate, service }).p(99) },
  { name: "M/D/1", p99: (rate: number) => queueing.md1({ rate, service }).p(99) },
  { name: "the engine", p99: (rate: number) => simulated(rate, seeds) },
];
chart.line({
  title: "Theory's knee and the engine's",
  x: { label: "Requests per second" },
  y: { label: "TTFT p99", unit: "s", scale: "log" },
  series: curves.map(({ name, p99 }) => ({
    name,
    points: rates.map((x) => ({ x, y: p99(x) })).filter(({ y }) => Number.isFinite(y) && y > 0),
  })),
  marks: [{ y: limit, label: "limit" }],
});
chart.table({
  title: "How far theory is off",
  columns: ["Requests a second", ...curves.map(({ name }) => `${name}, ms`), "M/M/1 off by a factor of"],
  rows: rates.map((rate) => {
    const [mm1, md1, engine] = curves.map(({ p99 }) => p99(rate));
    return [
      rate,
      Math.round(mm1 * 1000),
      Math.round(md1 * 1000),
      Math.round(engine * 1000),
      Number(timesOff(mm1, engine).toFixed(1)),
    ];
  }),
});
for (const { name, p99 } of curves) {
  console.log(`${name}: safe up to ${safeRate(p99, rates, limit)} requests a second.`);
}

// For the prediction: 500 ms, whatever the slider says.
export const engineSafe = safeRate((rate) => simulated(rate, seeds), rates, 0.5);
