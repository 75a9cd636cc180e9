/** Whether neighbours are alike: intervals take values as independent, and requests that wait in one queue are not. */
import { atRank, ranks } from "../metrics/rank.ts";

interface Dependence {
  /** Correlation of a value with the next, of their ranks above or below the median: −1 to 1. */
  readonly next: number;
  /** As many independent values would tell as much of the median, and of the slowest tenth. At most n. */
  readonly worth: { readonly median: number; readonly tail: number };
  /** How many times as wide the intervals should be there; 1 where no dependence shows. */
  readonly wider: { readonly median: number; readonly tail: number };
}

export type Checked = Dependence | { readonly unknown: "few" | "sorted" };

/** Fewer are too few to tell. */
const FEWEST = 100;
/** A block holds at least so many values, so that it outlasts what makes neighbours alike. */
const BLOCK = 10;

/**
 * By batch means (Law, "Simulation Modeling and Analysis", §9.5): the count of slow values per block of neighbours varies as a binomial's
 * where they are independent, and more where they come in runs. `values` in order of time, or of the rows; `sorted` the same, ascending.
 */
export function dependenceOf(values: Float64Array, sorted: Float64Array): Checked {
  const n = values.length;
  if (n < FEWEST) return { unknown: "few" };
  if (isMonotone(values)) return { unknown: "sorted" };
  const median = atRank(sorted, 50, ranks.linear);
  const tail = atRank(sorted, 90, ranks.linear);
  let [both, slow] = [0, 0];
  for (let i = 0; i < n; i++) {
    const above = values[i] > median;
    if (above) slow++;
    if (i + 1 < n && above === values[i + 1] > median) both++;
  }
  const share = slow / n;
  const chance = share * share + (1 - share) * (1 - share);
  const next = chance < 1 ? (both / (n - 1) - chance) / (1 - chance) : 0;
  const excess = { median: inflation(values, median), tail: inflation(values, tail) };
  return {
    next,
    worth: { median: n / excess.median, tail: n / excess.tail },
    wider: { median: Math.sqrt(excess.median), tail: Math.sqrt(excess.tail) },
  };
}

/** Variance of the blocks' counts above `limit` ÷ the binomial's; 1 where it is within what chance alone does. */
function inflation(values: Float64Array, limit: number): number {
  const n = values.length;
  const size = Math.max(BLOCK, Math.floor(Math.sqrt(n)));
  const blocks = Math.floor(n / size);
  const counts = new Float64Array(blocks);
  for (let b = 0; b < blocks; b++) for (let i = b * size; i < (b + 1) * size; i++) if (values[i] > limit) counts[b]++;
  const mean = counts.reduce((sum, count) => sum + count, 0) / blocks;
  const share = mean / size;
  if (!(share > 0 && share < 1)) return 1;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (blocks - 1);
  const ratio = variance / (size * share * (1 - share));
  const byChance = 1 + 2.5 * Math.sqrt(2 / (blocks - 1));
  return ratio > byChance ? Math.min(ratio, n) : 1;
}

function isMonotone(values: Float64Array): boolean {
  let [up, down] = [true, true];
  for (let i = 1; i < values.length && (up || down); i++) {
    if (values[i] < values[i - 1]) up = false;
    if (values[i] > values[i - 1]) down = false;
  }
  return up || down;
}
