/** What decides when tokens leave the simulated endpoint: a queue of deadlines on its own clock. Seconds, tokens. */
import type { Segment } from "../../../engine/workload/types.ts";

export interface Job {
  readonly key: number;
  readonly prompt: readonly Segment[];
  readonly promptTokens: number;
  readonly output: number;
  readonly priority: number;
}

/** Called for each request that gets tokens at a deadline. */
export type Emit = (key: number, tokens: number) => void;

/** The state that `/metrics` shows. */
export interface PaceState {
  readonly running: number;
  readonly waiting: number;
  /** Share of KV blocks in use, 0–1. */
  readonly kvUsage: number;
  readonly preemptions: number;
  readonly prefixQueries: number;
  readonly prefixHits: number;
}

export interface Pace {
  /** The most tokens that prompt and answer of one request may have together. */
  readonly context: number;
  /** Takes a request that arrives at `now`; false when the waiting queue is full. */
  submit(job: Job, now: number): boolean;
  /** Prompt tokens of a request that came from the prefix cache, known once it has started. */
  cachedTokens(key: number): number;
  cancel(key: number, now: number): void;
  /** The next moment at which something leaves; Infinity when idle. */
  due(): number;
  /** Emits everything due at `due()` and moves on. */
  advance(emit: Emit): void;
  state(): PaceState;
}
