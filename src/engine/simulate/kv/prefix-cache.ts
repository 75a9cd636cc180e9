/**
 * The block pool of vLLM V1 with prefix caching (vllm/v1/core/block_pool.py and kv_cache_utils.py): whole blocks are found
 * again by chained hash; freed blocks keep their content in a queue, oldest first, until their turn to be overwritten comes.
 */
import type { Requests } from "../requests.ts";
import type { KvCache } from "./cache.ts";
import type { BlockContent } from "./content.ts";

const NONE = -1;

export class PrefixCache implements KvCache {
  readonly capacity: number;
  free: number;
  readonly #requests: Requests;
  readonly #content: BlockContent;
  readonly #blockSize: number;
  /** Free queue: doubly linked, with the sentinel `capacity` as both ends. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #references: Uint16Array;
  /** Hash of a block's content, valid while `#hashed` is set, and the chains of the hash table. */
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  readonly #hashed: Uint8Array;
  readonly #bucket: Int32Array;
  readonly #chain: Int32Array;
  /** Blocks of each request, and how many of them carry a hash. */
  readonly #held = new Map<number, { ids: number[]; hashed: number }>();

  readonly #unhashedFirst: boolean;

  /** `unhashedFirst`: freed blocks without a hash go to the front of the free queue. */
  constructor(requests: Requests, content: BlockContent, blocks: number, blockSize: number, unhashedFirst: boolean) {
    this.#requests = requests;
    this.#unhashedFirst = unhashedFirst;
    this.#content = content;
    this.#blockSize = blockSize;
    this.capacity = blocks;
    this.free = 0;
    this.#next = new Int32Array(blocks + 1);
    this.#previous = new Int32Array(blocks + 1);
    this.#next[blocks] = this.#previous[blocks] = blocks;
    this.#references = new Uint16Array(blocks);
    this.#high = new Uint32Array(blocks);
    this.#low = new Uint32Array(blocks);
    this.#hashed = new Uint8Array(blocks);
    let buckets = 16;
    while (buckets < blocks) buckets *= 2;
    this.#bucket = new Int32Array(buckets).fill(NONE);
    this.#chain = new Int32Array(blocks);
    for (let b = 0; b < blocks; b++) this.#append(b);
  }

  everFits(_request: number, tokens: number): boolean {
    return Math.ceil(tokens / this.#blockSize) <= this.capacity;
  }

  lookup(request: number, limit: number): number {
    const blocks = Math.floor(limit / this.#blockSize);
    let found = 0;
    while (found < blocks) {
      const { high, low } = this.#content.hashes(request, found + 1);
      if (this.#find(high[found] as number, low[found] as number) === NONE) break;
      found++;
    }
    return found * this.#blockSize;
  }

  admit(request: number, cached: number, tokens: number, reserve: number, spare = 0): boolean {
    const hits = cached / this.#blockSize;
    const { high, low } = this.#content.hashes(request, hits);
    const ids: number[] = [];
    let idle = 0;
    for (let k = 0; k < hits; k++) {
      const block = this.#find(high[k] as number, low[k] as number);
      ids.push(block);
      if (this.#references[block] === 0) idle++;
    }
    // Hits that lie in the free queue are taken from it too.
    if (Math.ceil(Math.max(tokens, reserve) / this.#blockSize) - hits + idle > this.free - spare) return false;
    for (const block of ids) {
      if (this.#references[block] === 0) this.#unlink(block);
      this.#references[block] = (this.#references[block] as number) + 1;
    }
    this.#held.set(request, { ids, hashed: hits });
    this.#requests.blocks[request] = hits;
    return this.grow(request, tokens);
  }

  grow(request: number, tokens: number): boolean {
    const held = this.#requests.blocks[request] as number;
    const more = Math.ceil(tokens / this.#blockSize) - held;
    if (more <= 0) return true;
    if (more > this.free) return false;
    const { ids } = this.#held.get(request) as { ids: number[] };
    for (let k = 0; k < more; k++) {
      const block = this.#next[this.capacity] as number;
      this.#unlink(block);
      this.#forget(block);
      this.#references[block] = 1;
      ids.push(block);
    }
    this.#requests.blocks[request] = held + more;
    return true;
  }

  commit(request: number, tokens: number): void {
    const held = this.#held.get(request);
    if (!held) return;
    const whole = Math.min(Math.floor(tokens / this.#blockSize), held.ids.length);
    if (whole <= held.hashed) return;
    const { high, low } = this.#content.hashes(request, whole);
    for (let k = held.hashed; k < whole; k++) {
      this.#remember(held.ids[k] as number, high[k] as number, low[k] as number);
    }
    held.hashed = whole;
  }

  release(request: number): void {
    const held = this.#held.get(request);
    if (!held) return;
    // Last block first, so that ends of texts are overwritten before their beginnings.
    for (let k = held.ids.length - 1; k >= 0; k--) {
      const block = held.ids[k] as number;
      const references = (this.#references[block] as number) - 1;
      this.#references[block] = references;
      if (references > 0) continue;
      if (this.#unhashedFirst && this.#hashed[block] === 0) this.#prepend(block);
      else this.#append(block);
    }
    this.#held.delete(request);
    this.#requests.blocks[request] = 0;
    if ((this.#requests.generated[request] as number) >= (this.#requests.output[request] as number)) {
      this.#content.forget(request);
    }
  }

  #append(block: number): void {
    this.#insert(block, this.#previous[this.capacity] as number);
  }

  #prepend(block: number): void {
    this.#insert(block, this.capacity);
  }

  #insert(block: number, after: number): void {
    const next = this.#next[after] as number;
    this.#next[after] = block;
    this.#previous[block] = after;
    this.#next[block] = next;
    this.#previous[next] = block;
    this.free++;
  }

  #unlink(block: number): void {
    const next = this.#next[block] as number;
    const previous = this.#previous[block] as number;
    this.#next[previous] = next;
    this.#previous[next] = previous;
    this.free--;
  }

  #slot(high: number): number {
    return high & (this.#bucket.length - 1);
  }

  #find(high: number, low: number): number {
    let block = this.#bucket[this.#slot(high)] as number;
    while (block !== NONE && (this.#high[block] !== high || this.#low[block] !== low)) {
      block = this.#chain[block] as number;
    }
    return block;
  }

  /** Enters a block's content; equal content may be entered twice, and the older block is the one found. */
  #remember(block: number, high: number, low: number): void {
    this.#high[block] = high;
    this.#low[block] = low;
    this.#hashed[block] = 1;
    this.#chain[block] = NONE;
    const slot = this.#slot(high);
    let last = this.#bucket[slot] as number;
    if (last === NONE) {
      this.#bucket[slot] = block;
      return;
    }
    while (this.#chain[last] !== NONE) last = this.#chain[last] as number;
    this.#chain[last] = block;
  }

  /** Drops the content of a block that is about to be overwritten. */
  #forget(block: number): void {
    if (this.#hashed[block] === 0) return;
    this.#hashed[block] = 0;
    const slot = this.#slot(this.#high[block] as number);
    const next = this.#chain[block] as number;
    let at = this.#bucket[slot] as number;
    if (at === block) {
      this.#bucket[slot] = next;
      return;
    }
    while (this.#chain[at] !== block) at = this.#chain[at] as number;
    this.#chain[at] = next;
  }
}
