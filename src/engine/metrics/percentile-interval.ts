/** How far a percentile of a sample can be trusted: an interval made of two of its own values, whatever the distribution. */
import { InputError } from "../errors.ts";
import { percent } from "./rank.ts";
import { sortedSamples } from "./samples.ts";
import { above, within } from "../within.ts";

/** Weights this far below the largest no longer change a sum in double precision. */
const NEGLIGIBLE = 1e-18;
const MOST_SAMPLES = 1e9;

/**
 * Places (from 1) of the two sorted values that enclose the true q-th percentile of the population with at least
 * `confidence`, half of the rest on either side. null where n values can't give a two-sided interval: for p99 at 0.95
 * that is fewer than 368. Assumes independent samples; neighbours in a queue are not quite that.
 * Source: order statistics and the binomial law, e.g. Hahn and Meeker, Statistical Intervals, §5.2.
 */
export function percentileRanks(n: number, q: number, confidence = 0.95): [number, number] | null {
  if (!(Number.isInteger(n) && within(n, 0, MOST_SAMPLES)))
    throw new InputError("n", n, `a whole number of samples from 0 to ${MOST_SAMPLES}`);
  if (!(above(confidence, 0) && confidence < 1)) throw new InputError("confidence", confidence, "between 0 and 1");
  const p = percent(q);
  if (n === 0 || p === 0 || p === 1) return null;
  const { first, weights, total } = binomial(n, p);
  const allowed = ((1 - confidence) / 2) * total;
  const last = first + weights.length - 1;

  // P(at most low − 1 values lie below) and P(at least high values lie below) must each stay within `allowed`.
  let low = first;
  for (let sum = 0; low <= last && sum + weights[low - first] <= allowed; low++) sum += weights[low - first];
  let high = last + 1;
  for (let sum = 0; high > first && sum + weights[high - 1 - first] <= allowed; high--)
    sum += weights[high - 1 - first];
  return low < 1 || high > n ? null : [low, high];
}

/** Interval of the q-th percentile of `values`, in their unit; null where the sample is too small to have one. */
export function percentileInterval(values: ArrayLike<number>, q: number, confidence = 0.95): [number, number] | null {
  return intervalOfSorted(sortedSamples(values), q, confidence);
}

/** As `percentileInterval`, for a sample that is already in ascending order. */
export function intervalOfSorted(sorted: ArrayLike<number>, q: number, confidence = 0.95): [number, number] | null {
  const ranks = percentileRanks(sorted.length, q, confidence);
  return ranks && [sorted[ranks[0] - 1], sorted[ranks[1] - 1]];
}

/** Binomial(n, p) weights around the mode, unnormalised: no power or factorial is needed, and nothing underflows. */
function binomial(n: number, p: number): { first: number; weights: number[]; total: number } {
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const below: number[] = [];
  const above: number[] = [];
  for (let k = mode, w = 1; k > 0; k--) {
    w *= (k / (n - k + 1)) * ((1 - p) / p);
    if (w < NEGLIGIBLE) break;
    below.push(w);
  }
  for (let k = mode, w = 1; k < n; k++) {
    w *= ((n - k) / (k + 1)) * (p / (1 - p));
    if (w < NEGLIGIBLE) break;
    above.push(w);
  }
  const weights = [...below.reverse(), 1, ...above];
  return { first: mode - below.length, weights, total: weights.reduce((sum, w) => sum + w, 0) };
}
