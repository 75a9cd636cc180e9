/** The server over time, decimated: every step at first, then every second, fourth … so that at most 2,048 samples stay. */
import type { Timeline } from "../../run.ts";
import { bounds, type StepFeatures, type StepModel } from "../../step/types.ts";
import { emptyFeatures } from "../features.ts";

const MOST = 2048;
const FEATURES = 10;

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
    this.#features.set(Object.values(f) as number[], at * FEATURES);
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
    const order = Array.from({ length: n }, (_, k) => k).sort(
      (a, b) => (this.#t[a] as number) - (this.#t[b] as number),
    );
    const bound = Uint8Array.from(order, (k) => bounds.indexOf(model.cost(this.#featuresAt(k)).bound));
    return {
      t: Float64Array.from(order, (k) => this.#t[k] as number),
      batch: Uint32Array.from(order, (k) => this.#batch[k] as number),
      tokens: Uint32Array.from(order, (k) => this.#tokens[k] as number),
      blocks: Uint32Array.from(order, (k) => this.#blocks[k] as number),
      waiting: Uint32Array.from(order, (k) => this.#waiting[k] as number),
      bound,
      busy,
    };
  }

  #featuresAt(k: number): StepFeatures {
    const f = emptyFeatures();
    Object.keys(f).forEach((name, m) => {
      (f as unknown as Record<string, number>)[name] = this.#features[k * FEATURES + m] as number;
    });
    return f;
  }
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum;
}
