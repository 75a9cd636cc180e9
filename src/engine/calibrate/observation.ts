/** Measured points and Runs as the fit sees them: a load, and means measured under it. */
import { InputError } from "../errors.ts";
import { summarize } from "../metrics/summarize.ts";
import { rulesOf } from "../metrics/definitions/definitions.ts";
import { steadyWindow, wholeRun } from "../metrics/window.ts";
import { checkOptions, optionsOf } from "../options.ts";
import { resolveServer } from "../resolve.ts";
import { statuses, type Run } from "../run.ts";
import { calibrationMetrics, type CalibrationMetric, type Load, type MeasuredPoint } from "./types.ts";
import { requireRun } from "../valid-run.ts";
import { within } from "../within.ts";

/** Seconds and rates that a measurement can have, and tokens of a request. */
const LEAST = 1e-9;
const MOST = 1e9;
const MOST_TOKENS = 1e7;

const pointOptions = optionsOf<MeasuredPoint>({
  prompt: "a number",
  output: "a number",
  concurrency: "a number",
  rate: "a number",
  ttft: "a number",
  tpot: "a number",
  outputTokensPerSecond: "a number",
});

export interface Observation {
  readonly load: Load;
  /** Tokens of a prompt that were found in the prefix cache, on average. */
  readonly cached: number;
  /** Requests pass through an engine's front end, as far as the run's own constants know one. */
  readonly ingress: boolean;
  readonly measured: Readonly<Partial<Record<CalibrationMetric, number>>>;
}

/** Throws InputError where a field is missing, contradictory or out of range. */
export function observationOf(point: Run | MeasuredPoint, index: number): Observation {
  if (typeof point !== "object" || point === null)
    throw new InputError(`points[${index}]`, point, "a Run or an object");
  return "requests" in point ? fromRun(point, index) : fromPoint(point, index);
}

/** A load with its numbers checked. */
export function checkedLoad(load: Load, field: string): Load {
  if (typeof load !== "object" || load === null)
    throw new InputError(field, load, "an object with prompt, output, and concurrency or rate");
  const { prompt, output, concurrency, rate } = load;
  atLeast(`${field}.prompt`, prompt, 1);
  atLeast(`${field}.output`, output, 1);
  if ((concurrency === undefined) === (rate === undefined))
    throw new InputError(`${field}.concurrency`, concurrency, "given where rate is not, and absent where it is");
  if (concurrency !== undefined) {
    atLeast(`${field}.concurrency`, concurrency, 1);
    return { prompt, output, concurrency };
  }
  if (!within(rate, LEAST, MOST)) throw new InputError(`${field}.rate`, rate, "a number > 0");
  return { prompt, output, rate };
}

function fromPoint(point: MeasuredPoint, index: number): Observation {
  const field = `points[${index}]`;
  checkOptions(field, point, pointOptions);
  const load = checkedLoad(point, field);
  const measured: Partial<Record<CalibrationMetric, number>> = {};
  for (const metric of calibrationMetrics) {
    const value = point[metric];
    if (value === undefined) continue;
    if (!within(value, LEAST, MOST)) throw new InputError(`${field}.${metric}`, value, "a number > 0");
    measured[metric] = value;
  }
  if (Object.keys(measured).length === 0)
    throw new InputError(field, Object.keys(point).join(", "), `at least one of ${calibrationMetrics.join(", ")}`);
  return { load, cached: 0, ingress: true, measured };
}

/** The steady stretch of the run counts, where it has one. */
function fromRun(run: Run, index: number): Observation {
  const field = `points[${index}]`;
  requireRun(field, run);
  const { requests } = run;
  let prompt = 0;
  let cached = 0;
  let output = 0;
  let done = 0;
  for (let i = 0; i < requests.count; i++) {
    if (statuses[requests.status[i]!] !== "succeeded") continue;
    prompt += requests.promptTokens[i]!;
    cached += requests.cachedTokens[i]!;
    output += requests.outputTokens[i]!;
    done++;
  }
  if (done === 0) throw new InputError(field, "a run without one success", "runs with successful requests");
  const load = checkedLoad({ prompt: prompt / done, output: output / done, ...loadOf(run) }, field);
  const summary = summarize(run, { window: "steady" });
  const measured: Partial<Record<CalibrationMetric, number>> = {};
  const keep = (metric: CalibrationMetric, value: number): void => {
    if (value > 0 && Number.isFinite(value)) measured[metric] = value;
  };
  keep("ttft", summary.ttft.mean);
  keep("tpot", summary.tpot.mean);
  keep("outputTokensPerSecond", summary.outputTokensPerSecond);
  return {
    load,
    cached: cached / done,
    ingress: run.origin.kind === "measured" || resolveServer(run.origin.server).ingress > 0,
    measured,
  };
}

/** What the workload asked for, or else the mean number in flight over the stretch that counts (Little 1961). */
function loadOf(run: Run): { concurrency: number } | { rate: number } {
  const { arrivals, maxConcurrency } = run.workload;
  const { started, closed, count } = run.requests;
  if (maxConcurrency === undefined) {
    if (arrivals.kind === "closed" && !arrivals.thinkTime) return { concurrency: arrivals.users };
    if (arrivals.kind === "poisson" || arrivals.kind === "gamma" || arrivals.kind === "constant")
      return { rate: arrivals.rate };
  }
  const { from, to } = steadyWindow(run) ?? wholeRun(run, rulesOf("perflab"));
  let inFlight = 0;
  for (let i = 0; i < count; i++) {
    const time = Math.min(closed[i]!, to) - Math.max(started[i]!, from);
    if (time > 0) inFlight += time;
  }
  return { concurrency: to > from ? Math.max(1, inFlight / (to - from)) : 1 };
}

function atLeast(field: string, value: number, least: number): void {
  if (!within(value, least, MOST_TOKENS))
    throw new InputError(field, value, `a number ≥ ${least}, at most ${MOST_TOKENS}`);
}
