/**
 * Chained hashes of a request's blocks: a block's hash covers its own tokens and, through its parent's hash, all before it.
 * Text is known by segments (equal ids are equal text), so a block is hashed by the pieces of segments that it covers.
 */
import { hashWord } from "../../random.ts";
import type { Segments } from "../../workload/request-table.ts";

/** The block hashes of one request, as far as they have been asked for; each is two words. */
class Chain {
  high: number[] = [];
  low: number[] = [];
  /** Where in the text the next block starts. */
  segment: number;
  offset = 0;
  parentHigh = 0x6a09e667;
  parentLow = 0xbb67ae85;
  constructor(segment: number) {
    this.segment = segment;
  }
}

export class BlockContent {
  readonly #segments: Segments | undefined;
  readonly #blockSize: number;
  readonly #chains = new Map<number, Chain>();

  constructor(segments: Segments | undefined, blockSize: number) {
    this.#segments = segments;
    this.#blockSize = blockSize;
  }

  /** Makes sure that the first `blocks` hashes are known, and returns them. */
  hashes(request: number, blocks: number): { readonly high: readonly number[]; readonly low: readonly number[] } {
    let chain = this.#chains.get(request);
    if (!chain) {
      chain = new Chain(this.#segments?.offset[request] ?? 0);
      this.#chains.set(request, chain);
    }
    while (chain.high.length < blocks) this.#extend(request, chain);
    return chain;
  }

  forget(request: number): void {
    this.#chains.delete(request);
  }

  #extend(request: number, chain: Chain): void {
    let high = chain.parentHigh;
    let low = chain.parentLow;
    let left = this.#blockSize;
    while (left > 0) {
      const end = this.#segments?.offset[request + 1] ?? 0;
      const inPrompt = this.#segments !== undefined && chain.segment < end;
      const id = inPrompt ? (this.#segments.id[chain.segment] as number) : this.#answer(request);
      const size = inPrompt ? (this.#segments.tokens[chain.segment] as number) : Infinity;
      const piece = Math.min(left, size - chain.offset);
      for (const word of [id, chain.offset, piece]) {
        high = hashWord(high, word);
        low = hashWord(low ^ 0x9b05688c, word);
      }
      left -= piece;
      chain.offset += piece;
      if (chain.offset >= size) {
        chain.segment++;
        chain.offset = 0;
      }
    }
    chain.high.push(high);
    chain.low.push(low);
    chain.parentHigh = high;
    chain.parentLow = low;
  }

  #answer(request: number): number {
    return this.#segments ? (this.#segments.answer[request] as number) : hashWord(0x510e527f, request);
  }
}
