/** What the closed-form estimator answers. Bytes, seconds, USD. */
import type { Ranged } from "../metrics/types.ts";

export interface MemoryBudget {
  readonly total: number;
  readonly usable: number;
  readonly weights: number;
  readonly activations: number;
  readonly runtime: number;
  readonly kv: number;
  readonly blocks: number;
  readonly fits: boolean;
  readonly shortBy: number;
  readonly reason?: string;
  /** Bytes of KV one sequence takes over the GPUs of a replica, in whole blocks. */
  sequenceBytes(context: number): number;
  /** Sequences of this context that run at once. */
  maxSequences(context: number): number;
}

export interface Estimate {
  readonly ttft: Ranged;
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
