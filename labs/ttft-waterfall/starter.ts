import { chart, explain, param, percentile, type Parts, type Run } from "perflab";
import { rates, serve } from "./traffic.ts";

/** Seconds from when a request should have left to its first token. */
function ttft(run: Run, request: number): number {
  return run.requests.first[request] - run.requests.scheduled[request];
}

/** Mean seconds of each term, over the requests whose TTFT ranks from `from` to `to` per cent. */
export function waterfall(run: Run, from: number, to: number): Parts {
  const n = run.requests.count;
  const band = Array.from({ length: n }, (_, i) => i); // Who of them ranks from `from` to `to`?
  const terms = { ...explain(run, 0).ttft };
  for (const term of Object.keys(terms) as (keyof Parts)[]) {
    const seconds = band.map((request) => explain(run, request).ttft[term]);
    terms[term] = seconds.reduce((a, b) => a + b, 0) / band.length;
  }
  return terms;
}

/** The p99 of TTFT if nobody spent any time on `term`. Seconds. */
export function p99Without(run: Run, term: keyof Parts): number {
  return percentile(
    Array.from({ length: run.requests.count }, (_, i) => ttft(run, i)),
    99,
  ); // Yours to write.
}

const rtt = param("rtt") / 1000;
const terms = ["network", "queue", "prefill", "interference"] as const;
const run = serve(param("rate"), rtt, 1);
const [middle, tail] = [waterfall(run, 45, 55), waterfall(run, 98, 100)];
chart.waterfall({
  title: `Where the first token was, at ${param("rate")} requests a second`,
  y: { label: "Time to first token", unit: "s" },
  categories: [...terms],
  series: [
    { name: "around p50", values: terms.map((term) => middle[term]) },
    { name: "the slowest 2 %", values: terms.map((term) => tail[term]) },
  ],
});
chart.bars({
  title: "The p99 if one term were gone",
  y: { label: "TTFT p99", unit: "s" },
  categories: ["as it is", ...terms.map((term) => `without ${term}`)],
  series: [
    {
      name: "all 1,200 requests",
      values: [
        percentile(
          Array.from({ length: run.requests.count }, (_, i) => ttft(run, i)),
          99,
        ),
      ].concat(terms.map((term) => p99Without(run, term))),
    },
  ],
});
chart.line({
  title: "What the queue is worth, as load grows",
  x: { label: "Requests per second" },
  y: { label: "Share of TTFT that is queue", unit: "%" },
  series: [
    { name: "around p50", points: rates.map((x) => ({ x, y: queueShare(x, 45, 55) })) },
    { name: "the slowest 2 %", points: rates.map((x) => ({ x, y: queueShare(x, 98, 100) })) },
  ],
});

/** How many per cent of their TTFT those requests wait to be taken up. */
function queueShare(rate: number, from: number, to: number): number {
  const parts = waterfall(serve(rate, rtt, 1), from, to);
  return (100 * parts.queue) / Object.values(parts).reduce((a, b) => a + b, 0);
}

// For the prediction: 22 requests a second and 20 ms, whatever the sliders say.
const slowest = waterfall(serve(22, 0.02, 1), 98, 100);
export const queuePercent = (100 * slowest.queue) / Object.values(slowest).reduce((a, b) => a + b, 0);
