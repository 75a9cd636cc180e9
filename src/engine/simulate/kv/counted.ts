/**
 * A block pool that counts instead of naming blocks: exact while no two requests share content.
 *
 * vLLM keeps freed blocks in one queue, a request's last block first, and takes from its front. With nothing shared, that
 * queue is a sequence of *runs*, each the leading blocks of one former owner; taking from the front shortens the first run
 * from its end. What a preempted request finds again on its return is what is left of its run.
 */
import { InputError } from "../../errors.ts";
import type { ResolvedServer } from "../../server.ts";
import type { Requests } from "../requests.ts";
import type { KvCache } from "./cache.ts";

type Allocator = ResolvedServer["kvAllocator"];

/** Tokens for which a request's blocks are set aside when it needs room for `tokens`; undefined: for those tokens. */
function reservation(
  allocator: Allocator,
  requests: Requests,
): ((request: number, tokens: number) => number) | undefined {
  if (allocator === "paged") return undefined;
  if (allocator === "powerOfTwo") {
    return (_, tokens) => {
      let size = 1;
      while (size < tokens) size *= 2;
      return size;
    };
  }
  const { reserve } = allocator;
  if (!(reserve >= 1)) throw new InputError("kvAllocator.reserve", reserve, "a number of tokens from 1");
  return (i) => Math.max(reserve, (requests.prompt[i] as number) + (requests.output[i] as number));
}

export class CountedKv implements KvCache {
  readonly capacity: number;
  free: number;
  readonly #requests: Requests;
  readonly #blockSize: number;
  readonly #reservation: ((request: number, tokens: number) => number) | undefined;
  readonly #caching: boolean;
  /** Runs in queue order: owner and blocks left. A ring with doubling. */
  #owner = new Int32Array(64);
  #left = new Uint32Array(64);
  #head = 0;
  #runs = 0;
  /** Final tokens of each request at its last release. */
  readonly #final = new Map<number, number>();

  readonly #unhashedFirst: boolean;

  /** `unhashedFirst`: freed blocks without a hash go to the front of the free queue. */
  constructor(
    requests: Requests,
    blocks: number,
    blockSize: number,
    allocator: Allocator,
    caching: boolean,
    unhashedFirst: boolean,
  ) {
    this.#requests = requests;
    this.#unhashedFirst = unhashedFirst;
    this.capacity = blocks;
    this.free = blocks;
    this.#blockSize = blockSize;
    this.#reservation = reservation(allocator, requests);
    this.#caching = caching && allocator === "paged";
    if (this.#caching && blocks > 0) this.#pushRun(-1, blocks);
  }

  #blocksFor(request: number, tokens: number): number {
    return Math.ceil((this.#reservation?.(request, tokens) ?? tokens) / this.#blockSize);
  }

  everFits(request: number, tokens: number): boolean {
    return this.#blocksFor(request, tokens) <= this.capacity;
  }

  lookup(request: number, limit: number): number {
    if (!this.#caching || this.#final.size === 0 || !this.#final.has(request)) return 0;
    const whole = Math.floor(Math.min(limit, this.#final.get(request) as number) / this.#blockSize);
    const run = this.#findRun(request);
    return run < 0 ? 0 : Math.min(whole, this.#left[run] as number) * this.#blockSize;
  }

  admit(request: number, cached: number, tokens: number, reserve: number, spare = 0): boolean {
    if (this.#blocksFor(request, Math.max(tokens, reserve)) > this.free - spare) return false;
    if (cached > 0) {
      const hits = cached / this.#blockSize;
      const run = this.#findRun(request);
      // The hits leave the run; what was never a whole block, or lies past the limit, stays to be overwritten.
      this.#left[run] = (this.#left[run] as number) - hits;
      this.free -= hits;
      this.#requests.blocks[request] = hits;
    }
    if (this.#final.size > 0) this.#final.delete(request);
    return this.grow(request, tokens);
  }

  grow(request: number, tokens: number): boolean {
    const held = this.#requests.blocks[request] as number;
    const more = this.#blocksFor(request, tokens) - held;
    if (more <= 0) return true;
    if (more > this.free) return false;
    this.take(more);
    this.#requests.blocks[request] = held + more;
    return true;
  }

  commit(request: number, tokens: number): void {
    this.#requests.hashed[request] = tokens;
  }

  release(request: number): void {
    const held = this.#requests.blocks[request] as number;
    this.#requests.blocks[request] = 0;
    this.free += held;
    if (!this.#caching || held === 0) return;
    const hashed = this.#requests.hashed[request] as number;
    const whole = Math.min(held, Math.floor(hashed / this.#blockSize));
    if (this.#unhashedFirst) {
      if (whole > 0) this.#pushRun(request, whole);
      if (held > whole) this.#pushFront(held - whole);
    } else this.#pushRun(request, held);
    this.#requests.hashed[request] = 0;
    if ((this.#requests.generated[request] as number) < (this.#requests.output[request] as number)) {
      this.#final.set(request, hashed);
    }
  }

  /** Hands out blocks whose owners the caller keeps track of; there must be as many. */
  take(blocks: number): void {
    this.free -= blocks;
    if (!this.#caching) return;
    const mask = this.#left.length - 1;
    while (blocks > 0) {
      const run = this.#head & mask;
      const left = this.#left[run] as number;
      if (left > blocks) {
        this.#left[run] = left - blocks;
        return;
      }
      blocks -= left;
      this.#head = (this.#head + 1) & mask;
      this.#runs--;
    }
  }

  #pushRun(owner: number, blocks: number): void {
    if (this.#runs === this.#left.length) this.#growRuns();
    const run = (this.#head + this.#runs++) & (this.#left.length - 1);
    this.#owner[run] = owner;
    this.#left[run] = blocks;
  }

  /** Blocks that hold nothing to be found again are the next to be handed out. */
  #pushFront(blocks: number): void {
    if (this.#runs === this.#left.length) this.#growRuns();
    const mask = this.#left.length - 1;
    const first = this.#head & mask;
    if (this.#runs > 0 && this.#owner[first] === -1) {
      this.#left[first] = (this.#left[first] as number) + blocks;
      return;
    }
    this.#head = (this.#head + mask) & mask;
    this.#runs++;
    this.#owner[this.#head] = -1;
    this.#left[this.#head] = blocks;
  }

  #growRuns(): void {
    const size = this.#left.length;
    const owner = new Int32Array(size * 2);
    const left = new Uint32Array(size * 2);
    for (let k = 0; k < this.#runs; k++) {
      owner[k] = this.#owner[(this.#head + k) & (size - 1)] as number;
      left[k] = this.#left[(this.#head + k) & (size - 1)] as number;
    }
    this.#owner = owner;
    this.#left = left;
    this.#head = 0;
  }

  #findRun(request: number): number {
    const mask = this.#left.length - 1;
    for (let k = this.#runs - 1; k >= 0; k--) {
      const run = (this.#head + k) & mask;
      if (this.#owner[run] === request) return run;
    }
    return -1;
  }
}
