/** Samples of one metric, sorted once: mean, extremes, percentiles and how far those can be trusted. */
import { intervalOfSorted } from "./percentile-interval.ts";
import { atRank, percent, ranks, type Rank } from "./rank.ts";
import { sortedSamples } from "./samples.ts";
import type { Distribution } from "./types.ts";

/**
 * The distribution of `values`, in their unit; `values` of the result is an ascending copy. Percentiles are linear.
 * An empty sample has n = 0, and everything else of it is NaN: there is no mean of nothing, and a run without a success is a result.
 */
export function distribution(values: ArrayLike<number>): Distribution {
  return fromSorted(sortedSamples(values));
}

/** As `distribution`, for a sample that is finite and ascending, read by any rank rule. */
export function fromSorted(sorted: Float64Array, rank: Rank = ranks.linear): Distribution {
  const n = sorted.length;
  if (n === 0) return empty();
  let sum = 0;
  for (let i = 0; i < n; i++) sum += sorted[i];
  // Numbers near the largest there are have no sum, but they have a mean.
  const mean = Number.isFinite(sum) ? sum / n : sorted.reduce((part, value) => part + value / n, 0);
  return {
    n,
    mean,
    min: sorted[0],
    max: sorted[n - 1],
    values: sorted,
    p: (q) => atRank(sorted, q, rank),
    interval: (q) => intervalOfSorted(sorted, q),
  };
}

/** Nearest rank over weighted values (GuideLLM weighs each request's mean gap by its gaps). Weights of 0 count for nothing. */
export function fromWeighted(values: ArrayLike<number>, weights: ArrayLike<number>): Distribution {
  const order = Array.from(values, (_, i) => i).filter((i) => weights[i] > 0);
  if (order.length === 0) return empty();
  order.sort((i, j) => values[i] - values[j]);
  const upTo = new Float64Array(order.length);
  let total = 0;
  let sum = 0;
  order.forEach((i, place) => {
    total += weights[i];
    sum += weights[i] * values[i];
    upTo[place] = total;
  });
  const sorted = Float64Array.from(order, (i) => values[i]);
  return {
    n: total,
    mean: sum / total,
    min: sorted[0],
    max: sorted[sorted.length - 1],
    p: (q) => sorted[firstAtLeast(upTo, percent(q) * total)],
    interval: (q) => intervalOfSorted(sorted, q),
  };
}

/** Index of the first of ascending `sums` that reaches `target` (within rounding), or the last. */
export function firstAtLeast(sums: ArrayLike<number>, target: number): number {
  const slack = 1e-12 * sums[sums.length - 1];
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] >= target - slack) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** n = 0. Its other fields are NaN and hidden, so that it prints and serialises as `{ n: 0 }`. */
export function empty(): Distribution {
  const nothing = { n: 0, p: (q: number) => percent(q) * NaN, interval: () => null };
  for (const field of ["mean", "min", "max"]) Object.defineProperty(nothing, field, { value: NaN });
  return nothing as unknown as Distribution;
}
