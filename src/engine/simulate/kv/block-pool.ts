/**
 * Named KV blocks, as vLLM V1 keeps them (vllm/v1/core/block_pool.py): who refers to a block, which content it has, and the queue of
 * those that nobody holds. These keep their content, oldest first, until their turn to be overwritten comes.
 */
export const NONE = -1;

export class BlockPool {
  readonly capacity: number;
  free = 0;
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
  readonly #unhashedFirst: boolean;

  /** `unhashedFirst`: freed blocks without a hash go to the front of the free queue. */
  constructor(blocks: number, unhashedFirst: boolean) {
    this.#unhashedFirst = unhashedFirst;
    this.capacity = blocks;
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
    for (let b = 0; b < blocks; b++) this.#insert(b, this.#previous[blocks] as number);
  }

  /** Whether nobody holds a block. */
  isIdle(block: number): boolean {
    return this.#references[block] === 0;
  }

  /** The free block that is next to be overwritten, without its content; there must be one. */
  take(): number {
    const block = this.#next[this.capacity] as number;
    this.#unlink(block);
    this.#forget(block);
    this.#references[block] = 1;
    return block;
  }

  /** One more request holds a block. */
  share(block: number): void {
    if (this.#references[block] === 0) this.#unlink(block);
    this.#references[block] = (this.#references[block] as number) + 1;
  }

  /** One request fewer holds a block. */
  drop(block: number): void {
    const references = (this.#references[block] as number) - 1;
    this.#references[block] = references;
    if (references > 0) return;
    const first = this.#unhashedFirst && this.#hashed[block] === 0;
    this.#insert(block, first ? this.capacity : (this.#previous[this.capacity] as number));
  }

  /** The block with that content, or NONE. */
  find(high: number, low: number): number {
    let block = this.#bucket[this.#slot(high)] as number;
    while (block !== NONE && (this.#high[block] !== high || this.#low[block] !== low)) {
      block = this.#chain[block] as number;
    }
    return block;
  }

  /** Enters a block's content; equal content may be entered twice, and the older block is the one found. */
  remember(block: number, high: number, low: number): void {
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
