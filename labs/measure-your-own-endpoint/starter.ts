import { benchmark, chart, param, percentile, poisson, statuses, uniform, type Run } from "perflab";
import { show, type About } from "./card.ts";

/** What no program can know: for a published number, fill these in. */
const about: About = { gpu: "", engine: "", formats: "" };

/** Requests that succeeded, a second, from when the first was due to the end of the last. */
export function achievedRate(run: Run): number {
  return "rate" in run.workload.arrivals ? run.workload.arrivals.rate : NaN; // Is that what came back?
}

/** A percentile with its 95 % interval; null where the values are too few to have one. */
export function bounded(values: readonly number[], q: number): { value: number; low: number; high: number } | null {
  return values.length > 0 ? { value: percentile(values, q), low: NaN, high: NaN } : null; // How sure?
}

/** Tokens that the server says it wrote, less those that this run received; NaN where it says nothing. */
export function unaccounted(run: Run): number {
  return NaN; // Yours to write: run.measurement?.server?.generatedTokens
}

/** The client's mean TTFT less the server's own, seconds; NaN where the server keeps none. */
export function onTheWay(run: Run): number {
  return NaN; // Yours to write: run.measurement?.server?.means?.ttft
}

/** Seconds from leaving to the first token; of the requests that succeeded. */
function ttfts(run: Run): number[] {
  const r = run.requests;
  const all = Array.from(r.first, (first, i) => first - r.started[i]);
  // NaN: the answer came in one piece, so nobody can tell when its first token was there.
  return all.filter((wait, i) => statuses[r.status[i]] === "succeeded" && !Number.isNaN(wait));
}

const run = await benchmark({
  arrivals: poisson(param("rate")),
  prompt: uniform(200, 600),
  output: uniform(20, 60),
  requests: param("requests"),
});
const waits = ttfts(run);
if (waits.length > 0) {
  chart.ecdf({
    title: "The wait for a first token",
    x: { label: "From leaving to the first token", unit: "s" },
    samples: [{ name: "this run", values: waits }],
  });
}
const yours = {
  achievedRate: achievedRate(run),
  p99Ttft: bounded(waits, 99),
  unaccounted: unaccounted(run),
  onTheWay: onTheWay(run),
};
show(run, about, yours, param("limit") / 1000);

export const p95TtftMs = waits.length > 0 ? percentile(waits, 95) * 1000 : NaN;
