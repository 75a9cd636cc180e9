/** Measured points and Runs as the fit sees them: a load, and means measured under it. */
import { InputError } from "../errors.ts";
import { summarize } from "../metrics/summarize.ts";
import { steadyWindow } from "../metrics/window.ts";
import { statuses, type Run } from "../run.ts";
import { calibrationMetrics, type CalibrationMetric, type Load, type MeasuredPoint } from "./types.ts";

export interface Observation {
  readonly load: Load;
  /** Tokens of a prompt that were found in the prefix cache, on average. */
  readonly cached: number;
  /** Share of the requests that belong to the opening burst of a closed loop; undefined where it is not known. */
  readonly opening?: number;
  /** Requests pass through an engine's front end; in a simulated run they do not. */
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
  const { prompt, output, concurrency, rate } = load;
  atLeast(`${field}.prompt`, prompt, 1);
  atLeast(`${field}.output`, output, 1);
  if ((concurrency === undefined) === (rate === undefined))
    throw new InputError(`${field}.concurrency`, concurrency, "given where rate is not, and absent where it is");
  if (concurrency !== undefined) {
    atLeast(`${field}.concurrency`, concurrency, 1);
    return { prompt, output, concurrency };
  }
  if (!(rate! > 0) || !Number.isFinite(rate)) throw new InputError(`${field}.rate`, rate, "a number > 0");
  return { prompt, output, rate: rate! };
}

function fromPoint(point: MeasuredPoint, index: number): Observation {
  const field = `points[${index}]`;
  const load = checkedLoad(point, field);
  const measured: Partial<Record<CalibrationMetric, number>> = {};
  for (const metric of calibrationMetrics) {
    const value = point[metric];
    if (value === undefined) continue;
    if (!(value > 0) || !Number.isFinite(value)) throw new InputError(`${field}.${metric}`, value, "a number > 0");
    measured[metric] = value;
  }
  if (Object.keys(measured).length === 0)
    throw new InputError(field, Object.keys(point).join(", "), `at least one of ${calibrationMetrics.join(", ")}`);
  return { load, cached: 0, ingress: true, measured };
}

/** The steady stretch of the run counts, where it has one. */
function fromRun(run: Run, index: number): Observation {
  const field = `points[${index}]`;
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
  const load = checkedLoad({ prompt: prompt / done, output: output / done, ...loadOf(run, field) }, field);
  const steady = steadyWindow(run) !== null;
  const summary = summarize(run, { window: steady ? "steady" : "all" });
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
    ingress: run.origin.kind === "measured",
    opening: steady ? 0 : Math.min(1, (load.concurrency ?? 0) / done),
    measured,
  };
}

function loadOf(run: Run, field: string): { concurrency: number } | { rate: number } {
  const { arrivals, maxConcurrency } = run.workload;
  switch (arrivals.kind) {
    case "closed":
      if (!arrivals.thinkTime) return { concurrency: arrivals.users };
      break;
    case "burst":
      return { concurrency: Math.min(maxConcurrency ?? Infinity, run.requests.count) };
    case "poisson":
    case "gamma":
    case "constant":
      return { rate: arrivals.rate };
  }
  throw new InputError(
    `${field}.workload.arrivals`,
    arrivals.kind,
    "closed without think time, burst, poisson, gamma or constant",
  );
}

function atLeast(field: string, value: number, least: number): void {
  if (!(value >= least) || !Number.isFinite(value)) throw new InputError(field, value, `a number ≥ ${least}`);
}
