/** What the closed-form estimator answers. Bytes, seconds, USD. */
import type { Ranged } from "../metrics/types.ts";

/** Bytes over all GPUs of one replica: tensor × pipeline × data parallel. Divide by `gpus` for what one GPU holds. */
export interface MemoryBudget {
  readonly gpus: number;
  readonly total: number;
  readonly usable: number;
  readonly weights: number;
  readonly activations: number;
  readonly runtime: number;
  readonly kv: number;
  /** KV blocks; where a model has several KV groups, each of a request's groups takes blocks of its own. */
  readonly blocks: number;
  /** "GPU KV cache size" in tokens, as vLLM's log counts it: blocks of one group times their size. */
  readonly cacheTokens: number;
  readonly fits: boolean;
  readonly shortBy: number;
  readonly reason?: string;
  /** Bytes of KV one sequence takes over the GPUs of a replica, in whole blocks. */
  sequenceBytes(context: number): number;
  /** Sequences of this context that run at once. */
  maxSequences(context: number): number;
}

export interface Estimate {
  /** Of requests that come spread over time. */
  readonly ttft: Ranged;
  /** Mean TTFT where all ask at the same moment: a closed loop whose answers are equally long keeps its users in step, wave by wave. */
  readonly ttftTogether: Ranged;
  /** NaN where an answer is one token: there is no time between tokens. */
  readonly tpot: Ranged;
  readonly e2e: Ranged;
  readonly outputTokensPerSecond: Ranged;
  readonly requestsPerSecond: Ranged;
  readonly concurrency: number;
  readonly bound: string;
  readonly memory: MemoryBudget;
  readonly assumed: readonly string[];
}

/** USD. */
export interface Money {
  readonly total: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly perMillionOutputTokens: number;
}
