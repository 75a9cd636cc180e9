import { benchmark, chart, param, poisson, statuses, uniform, type Run } from "perflab";

/** What was measured at one rate. */
interface Point {
  /** Requests a second. */
  rate: number;
  /** Seconds. */
  wait: number;
}

/** Seconds that 95 of 100 requests waited at most for their first token. */
export function waitFor(run: Run): number {
  const r = run.requests;
  let sum = 0;
  let answered = 0;
  for (let i = 0; i < r.count; i++) {
    if (statuses[r.status[i]] !== "succeeded") continue; // Did they not wait?
    sum += r.first[i] - r.started[i]; // From when on does a user wait?
    answered += 1;
  }
  return answered > 0 ? sum / answered : Infinity; // Is that 95 of 100?
}

/** The highest rate up to which every measured rate keeps the limit, or 0. `limit` in seconds. */
export function knee(points: readonly Point[], limit: number): number {
  return Math.max(...points.map(({ rate }) => rate)); // Yours to write.
}

const limit = param("limit") / 1000;
const rates = [4, 8, 12, 16, 20, 24, 28];
export const points: Point[] = [];
for (const rate of rates) {
  const workload = {
    arrivals: poisson(rate),
    prompt: uniform(400, 1200), // tokens
    output: uniform(75, 225),
    requests: param("requests"),
  };
  // Warm connections once; every later run finds them open.
  const run = await benchmark(workload, { warmup: rate === rates[0] ? 4 : 0 });
  points.push({ rate, wait: waitFor(run) });
  console.log(`${rate} requests/s: ${(waitFor(run) * 1000).toFixed(0)} ms`);
}
const drawn = points.filter(({ wait }) => Number.isFinite(wait));
if (drawn.length > 0) {
  chart.line({
    title: "The wait for a first token, over the rate",
    x: { label: "Requests per second" },
    y: { label: "Wait", unit: "s" },
    series: [{ name: "measured", points: drawn.map(({ rate, wait }) => ({ x: rate, y: wait })) }],
    marks: [{ y: limit, label: "limit" }],
  });
}
if (drawn.length < points.length) {
  console.warn(`Not drawn: ${points.length - drawn.length} rates at which more than 5 of 100 requests got no answer.`);
}

export const safeRate = knee(points, limit);
console.log(
  `Safe: up to ${safeRate} requests a second${safeRate === rates.at(-1) ? ", or more: measure higher rates" : ""}.`,
);
