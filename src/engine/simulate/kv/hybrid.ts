/**
 * vLLM's hybrid KV cache (HybridKVCacheCoordinator): several groups of layers take blocks from one pool, each for all of a request's
 * tokens; a windowed group gives back the blocks behind its window whenever its request asks for more.
 */
import { blocksBehind, peakBlocks, peakOfGroup, type KvGroups } from "../../estimate/kv-groups.ts";
import { hashWord } from "../../random.ts";
import type { Requests } from "../requests.ts";
import { BlockPool, NONE } from "./block-pool.ts";
import type { KvCache } from "./cache.ts";
import type { BlockContent } from "./content.ts";

interface Held {
  /** Blocks of each group; NONE where one was given back or, found behind the window, never taken. */
  readonly ids: readonly number[][];
  /** Leading blocks that carry a hash, and that the windowed groups gave back. */
  hashed: number;
  behind: number;
}

export class HybridKv implements KvCache {
  readonly capacity: number;
  readonly #pool: BlockPool;
  readonly #requests: Requests;
  readonly #content: BlockContent;
  readonly #groups: KvGroups;
  readonly #blockSize: number;
  readonly #caching: boolean;
  /** The one attention window, and the groups that have it. */
  readonly #window: number;
  readonly #windowed: readonly number[];
  readonly #full: readonly number[];
  /** What each request holds, by its number: asked for at every token, which is too often for a Map. */
  readonly #held: (Held | undefined)[] = [];

  /** `unhashedFirst`: freed blocks without a hash go to the front of the free queue. */
  constructor(
    requests: Requests,
    content: BlockContent,
    blocks: number,
    groups: KvGroups,
    caching: boolean,
    unhashedFirst: boolean,
  ) {
    this.#requests = requests;
    this.#content = content;
    this.#groups = groups;
    this.#blockSize = groups.blockSize;
    this.#caching = caching;
    this.#window = Math.min(...groups.windows);
    const all = groups.windows.map((_, g) => g);
    this.#windowed = all.filter((g) => groups.windows[g] !== Infinity);
    this.#full = all.filter((g) => groups.windows[g] === Infinity);
    this.capacity = blocks;
    this.#pool = new BlockPool(blocks, unhashedFirst);
  }

  get free(): number {
    return this.#pool.free;
  }

  everFits(_request: number, tokens: number): boolean {
    return peakBlocks(this.#groups, tokens) <= this.capacity;
  }

  lookup(request: number, limit: number): number {
    if (!this.#caching) return 0;
    let found = Math.floor(limit / this.#blockSize);
    if (this.#full.length > 0) {
      let k = 0;
      while (k < found && this.#findAll(request, k, this.#full)) k++;
      found = k;
    }
    return this.#windowHit(request, found) * this.#blockSize;
  }

  admit(request: number, cached: number, tokens: number, reserve: number, spare = 0): boolean {
    const hits = cached / this.#blockSize;
    const behind = Math.min(hits, blocksBehind(this.#window, cached, this.#blockSize));
    const ids = this.#groups.windows.map((_, g) => this.#foundBlocks(request, g, hits, behind));
    let idle = 0;
    for (const group of ids) for (const block of group) if (block !== NONE && this.#pool.isIdle(block)) idle++;
    const most = this.#pool.free - spare - idle;
    const whole = Math.ceil(tokens / this.#blockSize) - hits;
    if (whole * ids.length > most || this.#toReserve(reserve, hits) > most) return false;
    for (const group of ids) for (const block of group) if (block !== NONE) this.#pool.share(block);
    this.#held[request] = { ids, hashed: hits, behind };
    this.#requests.blocks[request] = ids.length * hits - this.#windowed.length * behind;
    return this.grow(request, tokens);
  }

  /** Gives back what lies behind the window, then takes blocks; false where they are short. */
  grow(request: number, tokens: number, settled = this.#requests.computed[request] as number): boolean {
    const held = this.#held[request] as Held;
    this.#giveBack(request, held, settled);
    const { ids } = held;
    const more = Math.ceil(tokens / this.#blockSize) - (ids[0] as number[]).length;
    if (more <= 0) return true;
    if (more * ids.length > this.#pool.free) return false;
    for (const group of ids) for (let k = 0; k < more; k++) group.push(this.#pool.take());
    this.#requests.blocks[request] = (this.#requests.blocks[request] as number) + more * ids.length;
    return true;
  }

  commit(request: number, tokens: number): void {
    const held = this.#held[request];
    if (!held || !this.#caching) return;
    const whole = Math.min(Math.floor(tokens / this.#blockSize), (held.ids[0] as number[]).length);
    if (whole <= held.hashed) return;
    const { high, low } = this.#content.hashes(request, whole);
    held.ids.forEach((group, g) => {
      for (let k = held.hashed; k < whole; k++) {
        const block = group[k] as number;
        if (block !== NONE) this.#pool.remember(block, inGroup(high[k] as number, g), low[k] as number);
      }
    });
    held.hashed = whole;
  }

  release(request: number): void {
    const held = this.#held[request];
    if (!held) return;
    // Last block first, so that ends of texts are overwritten before their beginnings.
    for (const group of held.ids) {
      for (let k = group.length - 1; k >= 0; k--) if (group[k] !== NONE) this.#pool.drop(group[k] as number);
    }
    this.#held[request] = undefined;
    this.#requests.blocks[request] = 0;
    if ((this.#requests.generated[request] as number) >= (this.#requests.output[request] as number)) {
      this.#content.forget(request);
    }
  }

  #giveBack(request: number, held: Held, settled: number): void {
    const behind = blocksBehind(this.#window, settled, this.#blockSize);
    if (behind <= held.behind) return;
    for (const g of this.#windowed) {
      const group = held.ids[g] as number[];
      for (let k = behind - 1; k >= held.behind; k--) {
        this.#pool.drop(group[k] as number);
        group[k] = NONE;
      }
    }
    const given = (behind - held.behind) * this.#windowed.length;
    this.#requests.blocks[request] = (this.#requests.blocks[request] as number) - given;
    held.behind = behind;
  }

  /** Further blocks for a text whose windowed groups never hold more than a window and a step. */
  #toReserve(tokens: number, hits: number): number {
    const whole = Math.ceil(tokens / this.#blockSize);
    let sum = 0;
    for (const window of this.#groups.windows) {
      sum += Math.max(0, Math.min(whole, peakOfGroup(this.#groups, window)) - hits);
    }
    return sum;
  }

  #foundBlocks(request: number, group: number, hits: number, behind: number): number[] {
    const { high, low } = this.#content.hashes(request, hits);
    const from = this.#groups.windows[group] === Infinity ? 0 : behind;
    return Array.from({ length: hits }, (_, k) =>
      k < from ? NONE : this.#pool.find(inGroup(high[k] as number, group), low[k] as number),
    );
  }

  /** The longest start, of at most `blocks` blocks, whose last window is there in every windowed group. */
  #windowHit(request: number, blocks: number): number {
    const wanted = Math.ceil((this.#window - 1) / this.#blockSize);
    let run = 0;
    for (let k = blocks - 1; k >= 0; k--) {
      run = this.#findAll(request, k, this.#windowed) ? run + 1 : 0;
      if (run >= wanted) return k + run;
    }
    return run;
  }

  #findAll(request: number, block: number, groups: readonly number[]): boolean {
    const { high, low } = this.#content.hashes(request, block + 1);
    return groups.every((g) => this.#pool.find(inGroup(high[block] as number, g), low[block] as number) !== NONE);
  }
}

/** The same text has other content in each group. */
function inGroup(high: number, group: number): number {
  return hashWord(high, group) >>> 0;
}
