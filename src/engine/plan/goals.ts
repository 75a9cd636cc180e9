/** What was promised, as rules that a request keeps or breaks and a number of requests that may break them. */
import { InputError } from "../errors.ts";
import { atRank, ranks } from "../metrics/rank.ts";
import { percentileRanks } from "../metrics/percentile-interval.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { simulated } from "./traffic.ts";
import { inSeconds } from "./words.ts";
import type { Bound, LatencyMetric, PlanQuestion } from "./types.ts";

/** Seconds, a request each; `tpot` NaN for an answer of one token, which keeps every bound on it. */
export type Latencies = Readonly<Record<LatencyMetric, Float64Array>>;

export interface Goal {
  readonly words: string;
  readonly limits: readonly (readonly [metric: LatencyMetric, seconds: number])[];
  /** Of the requests that count, how many may be beyond a limit. */
  readonly allowed: number;
}

const metrics = ["ttft", "tpot", "e2e"] as const;
const sloOptions = optionsNamed({ others: ["bounds", "goodput"] });
const boundOptions = optionsNamed({ numbers: ["percentile", "seconds"], others: ["metric"] });
const goodputOptions = optionsNamed({ numbers: ["share", "ttft", "tpot", "e2e"] });
const counted = simulated.requests - simulated.warmUp;

/** Throws InputError for a promise that can't be kept or checked. */
export function goalsOf(slo: PlanQuestion["slo"]): Goal[] {
  checkOptions("slo", slo, sloOptions);
  const { bounds = [], goodput } = slo;
  if (!Array.isArray(bounds)) throw new InputError("slo.bounds", bounds, "a list of bounds");
  const goals = bounds.map((bound: Bound, i): Goal => {
    const at = `slo.bounds[${i}]`;
    checkOptions(at, bound, boundOptions);
    const { metric, percentile, seconds } = bound;
    if (!metrics.includes(metric)) throw new InputError(`${at}.metric`, metric, "ttft, tpot or e2e");
    if (![50, 90, 95, 99].includes(percentile))
      throw new InputError(`${at}.percentile`, percentile, "50, 90, 95 or 99");
    const limits = [[metric, positive(`${at}.seconds`, seconds)]] as const;
    return {
      words: `${metric.toUpperCase()} p${percentile} ≤ ${inSeconds(seconds)}`,
      limits,
      allowed: mayMiss(percentile),
    };
  });
  if (goodput === undefined) return goals;
  checkOptions("slo.goodput", goodput, goodputOptions);
  const { share } = goodput;
  if (!(share >= 0.01 && share <= 0.99))
    throw new InputError(
      "slo.goodput.share",
      share,
      "a share from 0.01 to 0.99: more can't be told from a short simulation",
    );
  const limits = metrics.flatMap((metric) => {
    const seconds = goodput[metric];
    return seconds === undefined ? [] : [[metric, positive(`slo.goodput.${metric}`, seconds)] as const];
  });
  if (limits.length === 0) throw new InputError("slo.goodput", goodput, "one with a bound on ttft, tpot or e2e");
  const bound = limits.map(([metric, seconds]) => `${metric.toUpperCase()} ≤ ${inSeconds(seconds)}`).join(" and ");
  return [
    ...goals,
    { words: `${Number((100 * share).toPrecision(3))} % with ${bound}`, limits, allowed: mayMiss(100 * share) },
  ];
}

/**
 * How far request i is beyond the tightest of a goal's limits: above 1 it breaks it. What was never measured, because the request was
 * not answered, is Infinity.
 */
export function reach({ limits }: Goal, latencies: Latencies, i: number): number {
  let worst = 0;
  for (const [metric, seconds] of limits) {
    const value = latencies[metric][i]!;
    if (value > worst * seconds) worst = value / seconds;
  }
  return worst;
}

/** The reach of the request that decides a goal: with more than 1, more requests miss it than may. */
export function decidingReach(goal: Goal, latencies: Latencies): number {
  const each = Float64Array.from(latencies.ttft, (_, i) => reach(goal, latencies, i)).sort();
  return each[each.length - 1 - goal.allowed]!;
}

/** A percentile of one metric, as numpy has it; NaN where no request has it. */
export function percentileOf(values: Float64Array, q: number): number {
  const sorted = values.filter((value) => value >= 0).sort();
  return sorted.length > 0 ? atRank(sorted, q, ranks.linear) : NaN;
}

/**
 * Requests of a simulation that may miss a bound on the q-th percentile while the upper end of the percentile's 95 % interval still
 * keeps it: a percentile of a few hundred requests is uncertain, and rows must also hold in another simulation.
 */
function mayMiss(q: number): number {
  const ranks = percentileRanks(counted, q);
  return ranks ? counted - ranks[1] : 0;
}

function positive(field: string, seconds: number): number {
  if (!(seconds > 0 && Number.isFinite(seconds))) throw new InputError(field, seconds, "a number of seconds above 0");
  return seconds;
}
