/** Many runs of one workload at growing load, and the search for the highest rate that still keeps an SLO. */
import { InputError } from "../errors.ts";
import { goodput } from "../metrics/goodput.ts";
import { summarize } from "../metrics/summarize.ts";
import type { Slo } from "../metrics/types.ts";
import type { Run } from "../run.ts";
import type { Workload } from "../workload/types.ts";

export type MeasureOnce = (workload: Workload) => Promise<Run>;

export interface SweepPoint {
  /** Requests per second offered, or users. */
  readonly load: number;
  readonly run: Run;
}

/** The load at which throughput stops growing by this share of what the load grew by. */
const SATURATED_GAIN = 0.1;

/** The workload at another load: a rate for an open loop, a number of users for a closed one. */
export function atLoad(workload: Workload, load: number): Workload {
  const { arrivals } = workload;
  switch (arrivals.kind) {
    case "closed":
      return { ...workload, arrivals: { ...arrivals, users: load } };
    case "poisson":
    case "constant":
    case "gamma":
      return { ...workload, arrivals: { ...arrivals, rate: load } };
    case "burst":
      return { ...workload, maxConcurrency: load };
    default:
      throw new InputError("arrivals", arrivals.kind, "poisson, gamma, constant, closed or burst to be swept");
  }
}

/** Runs every load in turn, and stops one point after saturation when `untilSaturated`. Stops when a run did. */
export async function sweep(
  measure: MeasureOnce,
  workload: Workload,
  loads: readonly number[],
  options: { untilSaturated?: boolean; onPoint?(point: SweepPoint): void } = {},
): Promise<SweepPoint[]> {
  const points: SweepPoint[] = [];
  for (const load of loads) {
    const point = { load, run: await measure(atLoad(workload, load)) };
    points.push(point);
    options.onPoint?.(point);
    if (point.run.ended?.reason === "stopped") break;
    if (options.untilSaturated && isSaturated(points)) break;
  }
  return points;
}

/** The newest point brought less than a tenth of the throughput that its extra load should have. */
function isSaturated(points: readonly SweepPoint[]): boolean {
  const [before, last] = points.slice(-2);
  if (!before || !last) return false;
  const gain = summarize(last.run).outputTokensPerSecond / summarize(before.run).outputTokensPerSecond - 1;
  return gain < SATURATED_GAIN * (last.load / before.load - 1);
}

export interface SearchResult {
  /** Highest rate that kept the SLO; 0 when not even the lowest did. */
  readonly rate: number;
  /** Lowest rate that broke it; infinite when none did. */
  readonly broke: number;
  readonly points: readonly SweepPoint[];
}

/**
 * The highest load, within `precision` (relative), at which a share `attainment` of requests keeps the SLO: doubles from
 * `from` until it breaks, then halves the bracket. A closed loop is searched in whole users.
 */
export async function highestWithin(
  measure: MeasureOnce,
  workload: Workload,
  slo: Slo,
  options: { from: number; to: number; attainment?: number; precision?: number; onPoint?(point: SweepPoint): void },
): Promise<SearchResult> {
  const { from, to, attainment = 0.99, precision = 0.05 } = options;
  if (!(from > 0 && to >= from)) throw new InputError("from", from, "above 0 and at most `to`");
  const whole = workload.arrivals.kind === "closed" || workload.arrivals.kind === "burst";
  const points: SweepPoint[] = [];
  let kept = 0;
  let broke = Infinity;
  let stopped = false;
  const keeps = async (load: number): Promise<boolean> => {
    const point = { load, run: await measure(atLoad(workload, load)) };
    points.push(point);
    options.onPoint?.(point);
    stopped = point.run.ended?.reason === "stopped";
    return !stopped && goodput(point.run, slo).attainment >= attainment;
  };
  for (let load = whole ? Math.max(1, Math.round(from)) : from; !stopped; load = Math.min(to, load * 2)) {
    if (await keeps(load)) kept = load;
    else broke = load;
    if (broke < Infinity || load >= to) break;
  }
  while (!stopped && broke < Infinity && broke - kept > (whole ? 1 : precision * broke)) {
    const middle = (kept + broke) / 2;
    const load = whole ? Math.round(middle) : middle;
    if (load <= kept || load >= broke) break;
    if (await keeps(load)) kept = load;
    else broke = load;
  }
  return { rate: kept, broke, points };
}
