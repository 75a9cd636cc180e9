/**
 * DDSketch: percentiles of a stream in a few thousand counters, each within a stated relative error.
 * Source: C. Masson, J. E. Rim and H. K. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019.
 */
import { InputError } from "../errors.ts";
import { percent } from "../metrics/rank.ts";
import { exp, log } from "../numeric.ts";

/** Half a percent: what a percentile may be off by, either way. */
const DEFAULT_ACCURACY = 0.005;
/** With the default accuracy these cover a factor of 10⁸ between the smallest and the largest value: a microsecond to minutes. */
const DEFAULT_BINS = 2048;
/** Below, a time is 0: no clock here tells them apart. Seconds. */
const ZERO = 1e-9;

/** A sketch as JSON; bins in ascending order of value. */
export interface SketchJson {
  readonly accuracy: number;
  readonly maxBins: number;
  readonly n: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly zeros: number;
  /** The bin into which all below were put; null as long as none were. */
  readonly collapsed: number | null;
  readonly bins: readonly (readonly [index: number, count: number])[];
}

export class Sketch {
  readonly accuracy: number;
  readonly maxBins: number;
  #n = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;
  #zeros = 0;
  #collapsed = -Infinity;
  #bins = new Map<number, number>();
  readonly #logGamma: number;

  /** `accuracy`: relative, between 0 and 1. Past `maxBins` bins the lowest are put together, so that the tail stays exact to the bound. */
  constructor(accuracy = DEFAULT_ACCURACY, maxBins = DEFAULT_BINS) {
    if (!(accuracy > 0 && accuracy < 1)) throw new InputError("accuracy", accuracy, "between 0 and 1");
    if (!(Number.isInteger(maxBins) && maxBins >= 2)) throw new InputError("maxBins", maxBins, "a whole number from 2");
    this.accuracy = accuracy;
    this.maxBins = maxBins;
    this.#logGamma = log((1 + accuracy) / (1 - accuracy));
  }

  get n(): number {
    return this.#n;
  }

  /** NaN of nothing. Exact to rounding, as are `min` and `max`. */
  get mean(): number {
    return this.#sum / this.#n;
  }

  get min(): number {
    return this.#n === 0 ? NaN : this.#min;
  }

  get max(): number {
    return this.#n === 0 ? NaN : this.#max;
  }

  /** Percent from which on percentiles keep the stated error; 0 as long as nothing was put together. */
  get boundFrom(): number {
    if (this.#collapsed === -Infinity) return 0;
    let unsure = this.#zeros;
    for (const [index, count] of this.#bins) if (index <= this.#collapsed) unsure += count;
    return (100 * unsure) / this.#n;
  }

  /** Throws InputError for a value below 0 or not finite. */
  add(value: number): void {
    if (!(value >= 0 && value < Infinity)) throw new InputError("value", value, "a finite number, 0 or more");
    this.#n++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (value < ZERO) {
      this.#zeros++;
      return;
    }
    const index = Math.max(this.#collapsed, Math.ceil(log(value) / this.#logGamma));
    this.#bins.set(index, (this.#bins.get(index) ?? 0) + 1);
    if (this.#bins.size > this.maxBins) this.#collapse();
  }

  /** The q-th percentile (q in percent), linear between ranks as numpy has it, within the accuracy from `boundFrom` on. NaN of nothing. */
  p(q: number): number {
    const share = percent(q);
    if (this.#n === 0) return NaN;
    const place = (this.#n - 1) * share;
    const below = Math.floor(place);
    const low = this.#at(below);
    return place === below ? low : low + (place - below) * (this.#at(below + 1) - low);
  }

  toJSON(): SketchJson {
    const { accuracy, maxBins } = this;
    const empty = this.#n === 0;
    return {
      accuracy,
      maxBins,
      n: this.#n,
      sum: this.#sum,
      min: empty ? 0 : this.#min,
      max: empty ? 0 : this.#max,
      zeros: this.#zeros,
      collapsed: this.#collapsed === -Infinity ? null : this.#collapsed,
      bins: this.#sorted(),
    };
  }

  /** Throws InputError where the counts of a stored sketch don't add up. */
  static from(json: SketchJson): Sketch {
    const sketch = new Sketch(json.accuracy, json.maxBins);
    let counted = json.zeros;
    for (const [index, count] of json.bins) {
      if (!Number.isInteger(index) || !(count > 0))
        throw new InputError("bins", [index, count], "whole numbers, counts above 0");
      sketch.#bins.set(index, count);
      counted += count;
    }
    if (counted !== json.n || sketch.#bins.size > json.maxBins)
      throw new InputError("n", json.n, `${counted}, what the bins hold, in at most ${json.maxBins} bins`);
    sketch.#n = json.n;
    sketch.#sum = json.sum;
    sketch.#zeros = json.zeros;
    sketch.#collapsed = json.collapsed ?? -Infinity;
    if (json.n > 0) {
      sketch.#min = json.min;
      sketch.#max = json.max;
    }
    return sketch;
  }

  /** The value of a rank, from 0. */
  #at(rank: number): number {
    if (rank <= 0) return this.#min;
    if (rank >= this.#n - 1) return this.#max;
    let seen = this.#zeros;
    if (rank < seen) return 0;
    for (const [index, count] of this.#sorted()) {
      seen += count;
      if (rank < seen) return Math.min(this.#max, Math.max(this.#min, this.#middle(index)));
    }
    return this.#max;
  }

  /** Of a bin from γ^(i−1) to γ^i: as far from both ends, relatively. */
  #middle(index: number): number {
    return exp(index * this.#logGamma) * (1 - this.accuracy);
  }

  #sorted(): [number, number][] {
    return [...this.#bins].sort((a, b) => a[0] - b[0]);
  }

  /** Puts the lowest bins into one, until there are as many as allowed. */
  #collapse(): void {
    const sorted = this.#sorted();
    const cut = sorted.length - this.maxBins;
    let moved = 0;
    for (let i = 0; i < cut; i++) {
      moved += sorted[i]![1];
      this.#bins.delete(sorted[i]![0]);
    }
    const [lowest, count] = sorted[cut]!;
    this.#bins.set(lowest, count + moved);
    this.#collapsed = lowest;
  }
}
