import { chart, param, statuses, summarize, type Run } from "perflab";
import { rates, samples, serve, slo as promised } from "./traffic.ts";

/** What was promised, in seconds. */
export interface Slo {
  readonly ttft: number;
  readonly tpot: number;
}

/** What was seen at one rate: of each sample, the share of its requests that were served as promised. */
export interface Seen {
  readonly rate: number;
  readonly shares: readonly number[];
}

/** Share of a run's requests that were served within both bounds, 0 to 1. */
export function kept(run: Run, slo: Slo): number {
  const r = run.requests;
  let good = 0;
  for (let i = 0; i < r.count; i++) {
    if (statuses[r.status[i]] !== "succeeded") continue;
    const ttft = r.first[i] - r.started[i];
    if (ttft <= slo.ttft) good += 1; // And the pace?
  }
  return good / r.count;
}

/** Requests a second that are served as promised, in the mean over samples. */
export function goodput({ rate, shares }: Seen): number {
  return (rate * shares.reduce((sum, share) => sum + share, 0)) / shares.length;
}

/** The highest rate that sales may promise: there and at every lower rate, each sample kept at least this share. 0 if none. */
export function promise(seen: readonly Seen[], share: number): number {
  return Math.max(...seen.map(({ rate }) => rate)); // Yours to write.
}

const slo: Slo = { ttft: param("ttft") / 1000, tpot: param("tpot") / 1000 };
const share = param("share") / 100;
const seen: Seen[] = rates.map((rate) => ({ rate, shares: samples.map((seed) => kept(serve(rate, seed), slo)) }));
const mean = (rate: number, of: (run: Run) => number) =>
  samples.reduce((sum, seed) => sum + of(serve(rate, seed)), 0) / samples.length;
const tokens = (rate: number) => mean(rate, (run) => summarize(run, { window: "all" }).outputTokensPerSecond);
const most = Math.max(...rates.map(tokens));

chart.line({
  title: "Two dashboards of one server",
  x: { label: "Offered requests per second" },
  y: { label: "Share of its best value", unit: "%" },
  series: [
    { name: "output tokens a second", points: rates.map((x) => ({ x, y: (100 * tokens(x)) / most })) },
    { name: "GPU busy", points: rates.map((x) => ({ x, y: 100 * mean(x, (run) => run.timeline?.busy ?? NaN) })) },
    {
      name: "goodput",
      points: seen.map((at) => ({ x: at.rate, y: (100 * goodput(at)) / Math.max(...seen.map(goodput), 1e-9) })),
    },
  ],
});
chart.table({
  title: `TTFT within ${slo.ttft} s and TPOT within ${slo.tpot} s`,
  columns: ["Offered, requests/s", "Goodput, requests/s", "Kept in the worst sample, %", "Tokens/s"],
  rows: seen.map((at) => [
    at.rate,
    Number(goodput(at).toFixed(1)),
    Number((100 * Math.min(...at.shares)).toFixed(1)),
    Math.round(tokens(at.rate)),
  ]),
});
console.log(`Sales may promise ${promise(seen, share)} requests a second: ${100 * share} of 100 as promised.`);

// For the prediction: 24 requests a second and the bounds of traffic.ts, whatever the sliders say.
export const goodAt24 = goodput({ rate: 24, shares: samples.map((seed) => kept(serve(24, seed), promised)) });
