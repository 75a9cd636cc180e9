import { chart, param, summarize } from "perflab";
import { budgets, samples, serve } from "./traffic.ts";

export interface Clocks {
  /** p99 of the time to first token, seconds. */
  readonly ttft: number;
  /** p99 of the gaps between tokens, seconds. */
  readonly itl: number;
}

/** What users see with a budget, as the mean over several samples of the traffic. */
export function clocks(budget: number, rate: number, seeds: readonly number[]): Clocks {
  const each = seeds.map((seed) => summarize(serve(budget, rate, seed), { window: "all" }));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return { ttft: mean(each.map(({ ttft }) => ttft.p(99))), itl: mean(each.map(({ itl }) => itl.p(99))) };
}

/** The budgets that keep both promises, smallest first. */
export function keeps(promise: Clocks, rate: number, seeds: readonly number[]): number[] {
  return budgets.filter((budget) => {
    const { ttft, itl } = clocks(budget, rate, seeds);
    return ttft <= promise.ttft && itl <= promise.itl;
  });
}

const promise: Clocks = { ttft: param("ttft") / 1000, itl: param("itl") / 1000 };
const rate = param("rate");
const seen = budgets.map((budget) => ({ budget, ...clocks(budget, rate, samples) }));
chart.line({
  title: "Two clocks and the budget between them",
  x: { label: "p99 of the gaps between tokens", unit: "s" },
  y: { label: "p99 of TTFT", unit: "s" },
  series: [
    {
      name: "one point a budget",
      points: seen.map(({ budget, ttft, itl }) => ({ x: itl, y: ttft, label: `${budget}` })),
    },
  ],
  marks: [
    { x: promise.itl, label: "gaps promised" },
    { y: promise.ttft, label: "TTFT promised" },
  ],
});
chart.table({
  title: `With ${rate} requests a second`,
  columns: ["Tokens a step", "TTFT p99, ms", "ITL p99, ms"],
  rows: seen.map(({ budget, ttft, itl }) => [budget, Math.round(ttft * 1000), Math.round(itl * 1000)]),
});
console.log(`Both promises are kept with ${keeps(promise, rate, samples).join(", ") || "none of them"}.`);

// For the prediction: at 6 requests a second, whatever the slider says.
const [smooth, quick] = [clocks(512, 6, samples), clocks(2048, 6, samples)];
export const dearerFirstToken = 100 * (smooth.ttft / quick.ttft - 1);
