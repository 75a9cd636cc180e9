/** What a scheduler may ask of the KV cache. Blocks are counted, tokens are positions of one request. */
export interface KvCache {
  /** Blocks that requests can hold. */
  readonly capacity: number;
  /** Blocks that nobody holds; some may still carry reusable content. */
  readonly free: number;
  /** Whether a request of that many tokens could ever be held, alone. */
  everFits(request: number, tokens: number): boolean;
  /** Leading tokens of the request found in cached blocks: whole blocks, at most `limit` tokens. Changes nothing. */
  lookup(request: number, limit: number): number;
  /**
   * Gives a request that holds nothing the blocks for `tokens` tokens, of which `cached` were found by `lookup`. Refuses,
   * changing nothing, unless the whole of `reserve` tokens would fit and leave `spare` blocks free.
   */
  admit(request: number, cached: number, tokens: number, reserve: number, spare?: number): boolean;
  /**
   * Extends what a request holds to `tokens` tokens; false where blocks are short, and then it holds no more than before. `settled` of its tokens
   * (default: all computed ones) are of steps that are over: what lies behind their attention window may be given back.
   */
  grow(request: number, tokens: number, settled?: number): boolean;
  /** The content of the first `tokens` tokens is known: whole blocks of it can be found by others from now on. */
  commit(request: number, tokens: number): void;
  /** Takes back all of a request's blocks. */
  release(request: number): void;
}
