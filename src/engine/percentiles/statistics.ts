/** The table of statistics of one metric, each with how far it can be trusted. */
import { meanInterval } from "../metrics/mean-interval.ts";
import { fewestFor } from "../metrics/intervals-in-time.ts";
import { intervalOfSorted } from "../metrics/percentile-interval.ts";
import { atRank, ranks } from "../metrics/rank.ts";
import type { PercentileMethod } from "../metrics/types.ts";

export const shownPercentiles = [50, 75, 90, 95, 99, 99.9] as const;

export interface Statistic {
  /** "mean", "p99" … */
  readonly name: string;
  /** Seconds; NaN where there is none. */
  readonly value: number;
  /** 95 %; null where the sample is too small for one. */
  readonly interval: readonly [number, number] | null;
  /** For a percentile: values that an interval needs. */
  readonly needs?: number;
  /** A percentile with failed requests counted as slower than all others; Infinity where it falls among them. */
  readonly withFailures?: number;
}

/** `sorted`: ascending, finite; seconds. `failed`: requests without an answer, which are beyond all of them. */
export function statisticsOf(
  values: Float64Array,
  sorted: Float64Array,
  method: PercentileMethod,
  failed: number,
): Statistic[] {
  const n = sorted.length;
  const plain = (name: string, value: number): Statistic => ({ name, value, interval: null });
  if (n === 0) return [plain("mean", NaN), ...shownPercentiles.map((q) => plain(`p${q}`, NaN))];
  const average = meanInterval(values);
  const mean = average?.value ?? sorted[0];
  let squares = 0;
  for (const value of sorted) squares += (value - mean) ** 2;
  return [
    { name: "mean", value: mean, interval: average && [average.low, average.high] },
    plain("standard deviation", n > 1 ? Math.sqrt(squares / (n - 1)) : NaN),
    plain("min", sorted[0]),
    ...shownPercentiles.map((q): Statistic => ({
      name: `p${q}`,
      value: atRank(sorted, q, ranks[method]),
      interval: intervalOfSorted(sorted, q),
      needs: fewestFor(q),
      ...(failed > 0 ? { withFailures: beyond(sorted, failed, q, method) } : {}),
    })),
    plain("max", sorted[n - 1]),
  ];
}

function beyond(sorted: Float64Array, failed: number, q: number, method: PercentileMethod): number {
  const [n, all] = [sorted.length, sorted.length + failed];
  const place = Math.min(Math.max(ranks[method](all, q / 100), 1), all);
  if (Math.ceil(place) > n) return Infinity;
  const low = sorted[Math.floor(place) - 1];
  return low + (place - Math.floor(place)) * (sorted[Math.ceil(place) - 1] - low);
}

/** One percentile by every method that tools use. */
export function byMethod(sorted: Float64Array, q: number): [PercentileMethod, number][] {
  return (Object.keys(ranks) as PercentileMethod[]).map((method) => [method, atRank(sorted, q, ranks[method])]);
}
