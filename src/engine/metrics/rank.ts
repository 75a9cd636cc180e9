/** Which place in a sorted sample a percentile is read from: one rule a method, numbered as in Hyndman and Fan (1996). */
import { InputError } from "../errors.ts";
import { note } from "../notes.ts";
import type { PercentileMethod } from "./types.ts";
import { within } from "../within.ts";

/** The 1-based place, fractional where the method interpolates; callers clamp it to [1, n]. p is a share, 0–1. */
export type Rank = (n: number, p: number) => number;

/** Rounding slack, so that 99.9 % of 1,000 is place 999 and not 1,000. */
const SLACK = 1e-9;

export const ranks: Readonly<Record<PercentileMethod, Rank>> = {
  /** Type 7: numpy, vLLM, AIPerf, inference-perf. */
  linear: (n, p) => (n - 1) * p + 1,
  /** Type 1, the inverse of the empirical distribution: GuideLLM. */
  "nearest-rank": (n, p) => Math.ceil(n * p - SLACK),
  /** Type 5. */
  hazen: (n, p) => n * p + 0.5,
  /** Type 6. */
  weibull: (n, p) => (n + 1) * p,
  /** Type 8. */
  "median-unbiased": (n, p) => (n + 1 / 3) * p + 1 / 3,
};

/** MLPerf loadgen reads `sorted[⌊n·p⌋]`, counting from 0. */
export const mlperfRank: Rank = (n, p) => Math.floor(n * p + SLACK) + 1;

/** The value at the place `rank` gives for q percent of an ascending, non-empty sample. */
export function atRank(sorted: ArrayLike<number>, q: number, rank: Rank): number {
  const n = sorted.length;
  const place = Math.min(Math.max(rank(n, percent(q)), 1), n);
  const below = Math.floor(place);
  const low = sorted[below - 1];
  const share = place - below;
  if (share === 0) return low;
  const gap = sorted[below] - low;
  // Between the largest numbers of both signs there is no number for the gap.
  return Number.isFinite(gap) ? low + share * gap : low * (1 - share) + sorted[below] * share;
}

/** q percent as a share; InputError outside 0–100. */
export function percent(q: number): number {
  if (!within(q, 0, 100)) throw new InputError("q", q, "a percentage from 0 to 100");
  if (q > 0 && q < 1)
    note(`q is a percentage: ${q} asks for the ${q}th percentile; did you mean ${+(q * 100).toPrecision(12)}?`);
  return q / 100;
}
