/** One percentile of a sample, by any of the five methods that tools use. */
import { InputError } from "../errors.ts";
import { atRank, ranks } from "./rank.ts";
import { sortedSamples } from "./samples.ts";
import type { PercentileMethod } from "./types.ts";

/**
 * The q-th percentile (q in percent, 0–100) of `values`, in their unit. `linear` is numpy's and vLLM's method.
 * Throws InputError for an empty sample, a value that is not finite, q outside 0–100 or an unknown method.
 * Source of the methods: R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", 1996.
 */
export function percentile(values: ArrayLike<number>, q: number, method: PercentileMethod = "linear"): number {
  if (typeof method !== "string" || !Object.hasOwn(ranks, method))
    throw new InputError("method", method, `one of ${Object.keys(ranks).join(", ")}`);
  const sorted = sortedSamples(values);
  if (sorted.length === 0) throw new InputError("values", values, "at least one number");
  return atRank(sorted, q, ranks[method]);
}
