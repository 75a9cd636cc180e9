/** The server over time, decimated: every step at first, then every second, fourth … so that at most 2,048 samples stay. */
import type { Timeline } from "../../run.ts";
import { bounds, type StepFeatures, type StepModel } from "../../step/types.ts";
import { emptyFeatures, FEATURES, readFeatures, writeFeatures } from "../features.ts";

const MOST = 2048;

export class TimelineSampler {
  readonly #t = new Float64Array(MOST);
  readonly #batch = new Uint32Array(MOST);
  readonly #tokens = new Uint32Array(MOST);
  readonly #blocks = new Uint32Array(MOST);
  readonly #waiting = new Uint32Array(MOST);
  readonly #features = new Float64Array(MOST * FEATURES);
  #count = 0;
  #stride = 1;
  #skipped = 0;
  /** The latest figures of each replica; a sample shows their sum. */
  readonly #latest: { batch: Float64Array; tokens: Float64Array; blocks: Float64Array; waiting: Float64Array };

  constructor(replicas: number) {
    const column = (): Float64Array => new Float64Array(replicas);
    this.#latest = { batch: column(), tokens: column(), blocks: column(), waiting: column() };
  }

  /** Whether the step that just ended should be sampled. */
  due(_replica: number): boolean {
    if (++this.#skipped < this.#stride) return false;
    this.#skipped = 0;
    return true;
  }

  sample(replica: number, t: number, f: StepFeatures, blocks: number, waiting: number, batch: number): void {
    if (this.#count === MOST) this.#thin();
    const latest = this.#latest;
    latest.batch[replica] = batch;
    latest.tokens[replica] = f.tokens;
    latest.blocks[replica] = blocks;
    latest.waiting[replica] = waiting;
    const at = this.#count++;
    this.#t[at] = t;
    this.#batch[at] = total(latest.batch);
    this.#tokens[at] = total(latest.tokens);
    this.#blocks[at] = total(latest.blocks);
    this.#waiting[at] = total(latest.waiting);
    writeFeatures(f, this.#features, at * FEATURES);
  }

  /** Drops every second sample. */
  #thin(): void {
    for (let to = 0; to < MOST / 2; to++) {
      const from = 2 * to + 1;
      for (const column of [this.#t, this.#batch, this.#tokens, this.#blocks, this.#waiting]) {
        column[to] = column[from] as number;
      }
      this.#features.copyWithin(to * FEATURES, from * FEATURES, (from + 1) * FEATURES);
    }
    this.#count = MOST / 2;
    this.#stride *= 2;
  }

  toColumns(model: StepModel, busy: number): Timeline {
    const n = this.#count;
    const order = this.#order();
    const sorted = <T extends Float64Array | Uint32Array>(column: T): T => {
      const out = column.slice(0, n) as T;
      if (order) for (let k = 0; k < n; k++) out[k] = column[order[k] as number] as number;
      return out;
    };
    const bound = new Uint8Array(n);
    const f = emptyFeatures();
    for (let k = 0; k < n; k++) {
      readFeatures(f, this.#features, (order ? (order[k] as number) : k) * FEATURES);
      bound[k] = bounds.indexOf(model.cost(f).bound);
    }
    return {
      t: sorted(this.#t),
      batch: sorted(this.#batch),
      tokens: sorted(this.#tokens),
      blocks: sorted(this.#blocks),
      waiting: sorted(this.#waiting),
      bound,
      busy,
    };
  }

  /** The samples in order of time, where they were not taken in it: several replicas each have a clock. */
  #order(): Uint32Array | undefined {
    const t = this.#t;
    let k = 1;
    while (k < this.#count && (t[k] as number) >= (t[k - 1] as number)) k++;
    if (k >= this.#count) return undefined;
    return Uint32Array.from({ length: this.#count }, (_, i) => i).sort((a, b) => (t[a] as number) - (t[b] as number));
  }
}

function total(values: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k] as number;
  return sum;
}
