/** Seconds of a step in which everyone decodes: a constant of the batch size, and straight lines in the sums of contexts. */
import type { StepModel } from "../../step/types.ts";
import { emptyFeatures, resetFeatures } from "../features.ts";

/** A context long enough for its slope to be exact. */
const FAR = 1 << 24;

export class DecodeTime {
  /** Seconds per token of context, and per token of context within the attention window. */
  readonly slope: number;
  readonly windowedSlope: number;
  readonly #flat: Float64Array;
  readonly #model: StepModel;
  readonly #features = emptyFeatures();

  constructor(model: StepModel, slots: number) {
    this.#model = model;
    this.#flat = new Float64Array(slots + 1).fill(NaN);
    const near = this.#seconds(1, 0, 0);
    // Without a window both sums are the same, and one slope stands for both.
    const both = model.window === undefined ? FAR : 0;
    this.slope = (this.#seconds(1, FAR, both) - near) / FAR;
    this.windowedSlope = both ? 0 : (this.#seconds(1, 0, FAR) - near) / FAR;
  }

  /** Seconds at context 0. */
  flat(batch: number): number {
    const known = this.#flat[batch] as number;
    return known === known ? known : (this.#flat[batch] = this.#seconds(batch, 0, 0));
  }

  of(batch: number, contexts: number, windowed: number): number {
    return this.flat(batch) + this.slope * contexts + this.windowedSlope * windowed;
  }

  #seconds(batch: number, contexts: number, windowed: number): number {
    const f = this.#features;
    resetFeatures(f);
    f.tokens = f.sequences = f.sampled = batch;
    f.decodeContext = contexts;
    f.decodeContextWindowed = windowed;
    return this.#model.seconds(f);
  }
}
