/** Options of the simulator and the learner's own scheduling policy. */
export interface SimulateOptions {
  policy?: Policy;
  /** "chunks" keeps the time of every token; "requests" (default) keeps the ITL histogram. */
  record?: "requests" | "chunks";
  /** Return false to end with the partial Run. */
  onProgress?(fraction: number): boolean | void;
}

export interface Queued {
  request: number;
  arrived: number;
  prompt: number;
  computed: number;
  generated: number;
  blocks: number;
  priority: number;
}

export interface SchedulerState {
  now: number;
  tokenBudget: number;
  /** Requests that may run at once. */
  maxNumSeqs: number;
  freeBlocks: number;
  /** Tokens that a KV block holds. */
  blockSize: number;
  running: readonly Queued[];
  waiting: readonly Queued[];
}

/**
 * Whom to decode, and how many tokens of text of whom to prefill. `preempt` takes the blocks of running requests before that, one
 * after the other, and puts each back at the front of the line. What breaks a limit is refused by name.
 */
export type Policy = (state: SchedulerState) => {
  decode: readonly number[];
  prefill: readonly { request: number; tokens: number }[];
  preempt?: readonly number[];
};
