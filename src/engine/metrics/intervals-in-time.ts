/** Intervals of statistics of requests that depend on their neighbours in time. */
import { fromSorted, fromWeighted } from "./distribution.ts";
import { meanInterval, studentPoint } from "./mean-interval.ts";
import { sumError } from "./neighbours.ts";
import { percentileRanks } from "./percentile-interval.ts";
import { atRank, type Rank } from "./rank.ts";
import type { Ranged } from "./types.ts";

/** What a statistic is, and its interval where there are enough values for one. */
export interface Estimated {
  readonly value: number;
  readonly ranged: Ranged | null;
}

/** A mean, and any percentile, of one metric. */
export interface EstimatedMetric {
  readonly mean: Estimated;
  at(q: number): Estimated;
}

/** Gaps are counted by their requests: of fewer than this, the spread can't be told. */
const FEWEST_FOR_GAPS = 8;

/** `values`: one a request, at least one, in order of time; neighbours up to `lag` places apart may depend on each other. */
export function ofRequests(values: readonly number[], rank: Rank, lag: number): EstimatedMetric {
  const sorted = Float64Array.from(values).sort();
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    mean: { value: average, ranged: meanInterval(values, lag) },
    at: (q) => quantile(values, sorted, q, rank, lag),
  };
}

/** Order statistics, as if there were only as many values as these, dependent on their neighbours, are worth. */
function quantile(values: readonly number[], sorted: Float64Array, q: number, rank: Rank, lag: number): Estimated {
  const n = sorted.length;
  const value = atRank(sorted, q, rank);
  // Where values tie, as those of one batch do, "below" and "up to" tell different stories: the worse one counts.
  const worths = [(v: number) => v <= value, (v: number) => v < value].map(
    (is) => sumError(lessMean(values.map((v) => (is(v) ? 1 : 0))), lag).worth,
  );
  const size = Math.max(1, Math.round(Math.min(n, ...worths)));
  const places = percentileRanks(size, q);
  if (!places) return { value, ranged: null };
  const at = (place: number) => sorted[Math.min(n - 1, Math.max(0, Math.round((place / size) * n) - 1))];
  return { value, ranged: { value, low: Math.min(value, at(places[0])), high: Math.max(value, at(places[1])) } };
}

function lessMean(terms: readonly number[]): Float64Array {
  const mean = terms.reduce((sum, term) => sum + term, 0) / terms.length;
  return Float64Array.from(terms, (term) => term - mean);
}

/** Fewest independent values that give the q-th percentile an interval. */
export function fewestFor(q: number): number {
  let n = 1;
  while (percentileRanks(n, q) === null) n++;
  return n;
}

/**
 * `gaps`: those of each request, in order of time; each of them counts `weights[i]` times. Gaps of one request are not
 * independent, so requests are what is counted: the sum of each request's deviations is one term.
 * Percentiles: R. S. Woodruff, "Confidence intervals for medians and other position measures", JASA 47, 1952.
 */
export function ofGaps(
  gaps: readonly (readonly number[])[],
  weights: readonly number[],
  rank: Rank,
  lag: number,
): EstimatedMetric {
  const total = gaps.reduce((sum, own, i) => sum + own.length * weights[i], 0);
  const each = Float64Array.from(gaps.flat());
  const all = weights.every((weight) => weight === 1)
    ? fromSorted(each.sort(), rank)
    : fromWeighted(
        each,
        gaps.flatMap((own, i) => own.map(() => weights[i])),
      );
  /** The mean over all gaps of something about each, and half its interval. */
  const about = (of: (gap: number) => number): { value: number; half: number } => {
    const sums = gaps.map((own, i) => weights[i] * own.reduce((sum, gap) => sum + of(gap), 0));
    const value = sums.reduce((sum, own) => sum + own, 0) / total;
    const terms = sums.map((own, i) => own - value * weights[i] * gaps[i].length);
    const { error, worth } = sumError(terms, lag);
    return { value, half: (studentPoint(worth - 1) * error) / total };
  };
  const enough = gaps.length >= FEWEST_FOR_GAPS;
  const { value: average, half } = about((gap) => gap);
  return {
    mean: { value: average, ranged: enough ? { value: average, low: average - half, high: average + half } : null },
    at: (q) => {
      const value = all.p(q);
      const around = about((gap) => (gap <= value ? 1 : 0)).half * 100;
      const [low, high] = [q - around, q + around];
      // At least one gap must lie beyond, or the upper end is unknown.
      if (!enough || low <= 0 || (high / 100) * total > total - 1) return { value, ranged: null };
      return { value, ranged: { value, low: Math.min(value, all.p(low)), high: Math.max(value, all.p(high)) } };
    },
  };
}
