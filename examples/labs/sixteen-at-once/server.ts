/** A server: what one decode step of it takes, in milliseconds. */
export interface Server {
  /** To read the weights, once a step. */
  readonly weights: number;
  /** To read the KV cache of one sequence. */
  readonly perSequence: number;
}

/** An 8B model in bf16 on an H100, with contexts of some 2,000 tokens. */
export const ours: Server = { weights: 5, perSequence: 0.08 };
