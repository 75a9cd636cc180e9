/** The time of every token of every request, kept where `record: "chunks"` asks for it. One chunk is what one step emits. */
import { chunkKinds, type ChunkColumns } from "../../run.ts";

export class TokenTimes {
  /** Where each request's chunks start; a request has at most as many chunks as tokens. */
  readonly #offset: Float64Array;
  readonly #t: Float64Array;
  readonly #tokens: Uint16Array;
  readonly #count: Uint32Array;

  constructor(output: Uint32Array) {
    const n = output.length;
    this.#offset = new Float64Array(n + 1);
    for (let i = 0; i < n; i++) this.#offset[i + 1] = (this.#offset[i] as number) + (output[i] as number);
    const total = this.#offset[n] as number;
    this.#t = new Float64Array(total);
    this.#tokens = new Uint16Array(total);
    this.#count = new Uint32Array(n);
  }

  add(i: number, _before: number, n: number, t: number): void {
    const at = (this.#offset[i] as number) + (this.#count[i] as number);
    this.#count[i] = (this.#count[i] as number) + 1;
    this.#t[at] = t;
    this.#tokens[at] = n;
  }

  /** Single tokens at the given times, in one go. */
  addAll(i: number, times: Float64Array): void {
    const at = (this.#offset[i] as number) + (this.#count[i] as number);
    this.#t.set(times, at);
    this.#tokens.fill(1, at, at + times.length);
    this.#count[i] = (this.#count[i] as number) + times.length;
  }

  /** Adds a constant to every time, for the way back to the client. */
  toColumns(): ChunkColumns {
    let total = 0;
    for (const n of this.#count) total += n;
    const t = new Float64Array(total);
    const request = new Uint32Array(total);
    const tokens = new Uint16Array(total);
    const kind = new Uint16Array(total).fill(chunkKinds.content);
    let to = 0;
    for (let i = 0; i < this.#count.length; i++) {
      const from = this.#offset[i] as number;
      const n = this.#count[i] as number;
      t.set(this.#t.subarray(from, from + n), to);
      tokens.set(this.#tokens.subarray(from, from + n), to);
      request.fill(i, to, to + n);
      to += n;
    }
    return { t, request, tokens, kind };
  }
}
