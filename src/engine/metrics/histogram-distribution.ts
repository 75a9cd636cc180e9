/** A distribution read from a histogram of token gaps, for runs too long to keep every gap. */
import type { ItlHistogram } from "../run.ts";
import { empty, firstAtLeast } from "./distribution.ts";
import { percentileRanks } from "./percentile-interval.ts";
import { percent } from "./rank.ts";
import type { Distribution } from "./types.ts";

/** Percentiles are upper edges of bins, so up to one bin (1 %) too high; the mean is exact. */
export function fromHistogram(histogram: ItlHistogram): Distribution {
  const { upper, count, sum, max } = histogram;
  const upTo = new Float64Array(count.length);
  let n = 0;
  for (let i = 0; i < count.length; i++) upTo[i] = n += count[i];
  if (n === 0) return empty();
  const at = (place: number) => Math.min(upper[firstAtLeast(upTo, place)], max);
  return {
    n,
    mean: sum / n,
    min: at(1),
    max,
    p: (q) => (percent(q) === 1 ? max : at(Math.max(1, percent(q) * n))),
    interval: (q) => {
      const ranks = percentileRanks(n, q);
      return ranks && [at(ranks[0]), at(ranks[1])];
    },
  };
}
