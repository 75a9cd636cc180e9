/** Gaps between tokens as a histogram with 1 % wide bins, from 1 µs to a day. */
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
const gapBits = new Float64Array(1);
const gapWords = new Uint32Array(gapBits.buffer);
gapBits[0] = 1;
/** Index of the word that holds sign, exponent and the leading bits of the mantissa. */
const HIGH = gapWords[1] === 0x3ff00000 ? 1 : 0;

/** A number's exponent and the first six bits of its mantissa, counted from those of the lowest edge. */
function stretchOf(gap: number): number {
  gapBits[0] = gap;
  return ((gapWords[HIGH] as number) >>> 14) - FIRST_STRETCH;
}
gapBits[0] = LOWEST;
const FIRST_STRETCH = (gapWords[HIGH] as number) >>> 14;

/** The bin in which each stretch begins; a stretch is up to 1.6 % wide, so the bin of a number in it is at most two further. */
const binOfStretch: Uint16Array = (() => {
  const bins = new Uint16Array(stretchOf(HIGHEST * GROWTH) + 1);
  let stretch = 0;
  for (let bin = 0; bin < edges.length && stretch < bins.length; bin++)
    while (stretch < bins.length && stretch <= stretchOf(edges[bin] as number)) bins[stretch++] = bin;
  return bins;
})();

/** The bin of a gap in seconds. */
export function binOf(gap: number): number {
  if (!(gap > LOWEST)) return 0;
  let bin = binOfStretch[stretchOf(gap)] ?? edges.length - 1;
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
