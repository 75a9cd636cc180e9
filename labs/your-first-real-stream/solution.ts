import { benchmark, closed, param, percentile, statuses, uniform, type Run, type Workload } from "perflab";
import { show, type Reading } from "./show.ts";

/** USD per million tokens. */
type Price = { input: number; output: number };

/** What each request that succeeded felt like and cost. Times are seconds from the start of the run. */
export function readRun(run: Run, price: Price): Reading[] {
  const r = run.requests;
  const readings: Reading[] = [];
  for (let i = 0; i < r.count; i++) {
    if (statuses[r.status[i]] !== "succeeded") continue;
    const n = r.outputTokens[i];
    const ttft = r.first[i] - r.started[i]; // sent → first token
    const e2e = r.last[i] - r.started[i]; // sent → last token
    const tpot = n > 1 ? (r.last[i] - r.first[i]) / (n - 1) : NaN; // N tokens have N − 1 gaps
    const cost = (r.promptTokens[i] * price.input + n * price.output) / 1e6;
    readings.push({ request: i, ttft, tpot, e2e, cost });
  }
  return readings;
}

const workload: Workload = {
  arrivals: closed(param("users")), // each user sends the next request when the last is answered
  prompt: uniform(64, 192), // tokens
  output: uniform(32, 96),
  requests: param("requests"),
};
// An endpoint gets four requests first that do not count: they open connections and show how long our prompts are to it.
const run = await benchmark(workload, { warmup: 4 });
const ended = Array.from(run.requests.status, (code) => statuses[code]);
console.log(`${ended.filter((end) => end === "succeeded").length} of ${ended.length} requests succeeded.`);

const readings = readRun(run, { input: param("inputPrice"), output: param("outputPrice") });
show(run, readings);

const e2es = readings.map(({ e2e }) => e2e).filter((e2e) => !Number.isNaN(e2e));
export const medianE2eMs = e2es.length > 0 ? percentile(e2es, 50) * 1000 : NaN;
