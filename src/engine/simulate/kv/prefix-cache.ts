/**
 * vLLM V1's prefix cache (vllm/v1/core/kv_cache_utils.py) over a pool of named blocks: whole blocks are found again by chained
 * hash.
 */
import type { Requests } from "../requests.ts";
import { BlockPool, NONE } from "./block-pool.ts";
import type { KvCache } from "./cache.ts";
import type { BlockContent } from "./content.ts";

export class PrefixCache implements KvCache {
  readonly capacity: number;
  readonly #pool: BlockPool;
  readonly #requests: Requests;
  readonly #content: BlockContent;
  readonly #blockSize: number;
  /** Blocks of each request, and how many of them carry a hash: asked for at every token, which is too often for a Map. */
  readonly #held: ({ readonly ids: number[]; hashed: number } | undefined)[] = [];

  /** `unhashedFirst`: freed blocks without a hash go to the front of the free queue. */
  constructor(requests: Requests, content: BlockContent, blocks: number, blockSize: number, unhashedFirst: boolean) {
    this.#requests = requests;
    this.#content = content;
    this.#blockSize = blockSize;
    this.capacity = blocks;
    this.#pool = new BlockPool(blocks, unhashedFirst);
  }

  get free(): number {
    return this.#pool.free;
  }

  everFits(_request: number, tokens: number): boolean {
    return Math.ceil(tokens / this.#blockSize) <= this.capacity;
  }

  lookup(request: number, limit: number): number {
    const blocks = Math.floor(limit / this.#blockSize);
    let found = 0;
    while (found < blocks) {
      const { high, low } = this.#content.hashes(request, found + 1);
      if (this.#pool.find(high[found] as number, low[found] as number) === NONE) break;
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
      const block = this.#pool.find(high[k] as number, low[k] as number);
      ids.push(block);
      if (this.#pool.isIdle(block)) idle++;
    }
    // Hits that lie in the free queue are taken from it too.
    if (Math.ceil(Math.max(tokens, reserve) / this.#blockSize) - hits + idle > this.free - spare) return false;
    for (const block of ids) this.#pool.share(block);
    this.#held[request] = { ids, hashed: hits };
    this.#requests.blocks[request] = hits;
    return this.grow(request, tokens);
  }

  grow(request: number, tokens: number): boolean {
    const held = this.#requests.blocks[request] as number;
    const more = Math.ceil(tokens / this.#blockSize) - held;
    if (more <= 0) return true;
    if (more > this.free) return false;
    const { ids } = this.#held[request] as { ids: number[] };
    for (let k = 0; k < more; k++) ids.push(this.#pool.take());
    this.#requests.blocks[request] = held + more;
    return true;
  }

  commit(request: number, tokens: number): void {
    const held = this.#held[request];
    if (!held) return;
    const whole = Math.min(Math.floor(tokens / this.#blockSize), held.ids.length);
    if (whole <= held.hashed) return;
    const { high, low } = this.#content.hashes(request, whole);
    for (let k = held.hashed; k < whole; k++) {
      this.#pool.remember(held.ids[k] as number, high[k] as number, low[k] as number);
    }
    held.hashed = whole;
  }

  release(request: number): void {
    const held = this.#held[request];
    if (!held) return;
    // Last block first, so that ends of texts are overwritten before their beginnings.
    for (let k = held.ids.length - 1; k >= 0; k--) this.#pool.drop(held.ids[k] as number);
    this.#held[request] = undefined;
    this.#requests.blocks[request] = 0;
    if ((this.#requests.generated[request] as number) >= (this.#requests.output[request] as number)) {
      this.#content.forget(request);
    }
  }
}
