/** Gaps between tokens as a histogram with 1 % wide bins, from 1 µs to a day. */
import { log } from "../../numeric.ts";
import type { ItlHistogram } from "../../run.ts";

const LOWEST = 1e-6;
const GROWTH = 1.01;
const HIGHEST = 1e5;

/** Upper edges: 1 µs, then each 1 % higher. Bin 0 also holds the zero gaps of tokens that came together. */
const edges: Float64Array = (() => {
  const values: number[] = [LOWEST];
  while ((values[values.length - 1] as number) < HIGHEST) values.push((values[values.length - 1] as number) * GROWTH);
  values.push(Infinity);
  return Float64Array.from(values);
})();
const PER_LOG = 1 / log(GROWTH);
const LOG_LOWEST = log(LOWEST);

/** The bin of a gap in seconds. */
export function binOf(gap: number): number {
  if (!(gap > LOWEST)) return 0;
  let bin = Math.min(edges.length - 1, Math.max(0, Math.ceil((log(gap) - LOG_LOWEST) * PER_LOG)));
  while (gap > (edges[bin] as number)) bin++;
  while (bin > 0 && gap <= (edges[bin - 1] as number)) bin--;
  return bin;
}

export class GapHistogram {
  readonly edges = edges;
  readonly count = new Float64Array(edges.length);
  sum = 0;
  max = 0;
  /** The bin used last: the next gap is most often in it or beside it. */
  bin = 0;

  /** `weight` gaps of the same length, seconds. */
  add(gap: number, weight: number): void {
    let { bin } = this;
    if (gap > (edges[bin] as number) || (bin > 0 && gap <= (edges[bin - 1] as number))) this.bin = bin = binOf(gap);
    this.count[bin] = (this.count[bin] as number) + weight;
    this.sum += gap * weight;
    if (gap > this.max) this.max = gap;
  }

  /** The bins that hold something, as a Run keeps them. */
  toColumns(): ItlHistogram {
    const used: number[] = [];
    for (let k = 0; k < edges.length; k++) if ((this.count[k] as number) > 0) used.push(k);
    return {
      // Tokens that came together have no gap; no other is as short as a microsecond.
      upper: Float64Array.from(used, (k) => (k === 0 ? 0 : Math.min(edges[k] as number, this.max))),
      count: Float64Array.from(used, (k) => this.count[k] as number),
      sum: this.sum,
      max: this.max,
    };
  }
}
