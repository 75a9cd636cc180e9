/**
 * A simulated engine to be driven from outside: requests are added, cancelled and stepped while it runs. The scheduler, the KV
 * cache and the step model are those of `simulate`; only the clock is the caller's.
 */
import { resolveServer } from "../resolve.ts";
import type { Server } from "../server.ts";
import { contentId, ownContent } from "../workload/content-id.ts";
import type { Segments } from "../workload/request-table.ts";
import type { Segment } from "../workload/types.ts";
import { buildCore, longestSequence, modelOf, refuseTooLong } from "./build.ts";
import { Recorder } from "./record/recorder.ts";
import { Requests, stages, status } from "./requests.ts";

export interface LiveRequest {
  /** Tokens, or the text as segments: requests with equal leading segments share KV blocks. */
  readonly prompt: number | readonly Segment[];
  /** Tokens to generate. */
  readonly output: number;
  /** Lower is served first, under `policy: "priority"`. */
  readonly priority?: number;
}

/** What one step did. Arrays are in the order of the batch. */
export interface LiveStep {
  /** Seconds on the caller's clock. */
  readonly start: number;
  readonly end: number;
  /** Requests that receive tokens when the step ends, and how many each. */
  readonly requests: readonly number[];
  readonly tokens: readonly number[];
  /** Those of them whose answer is then complete. */
  readonly finished: readonly number[];
}

export interface LiveState {
  readonly running: number;
  readonly waiting: number;
  readonly freeBlocks: number;
  readonly totalBlocks: number;
  readonly preemptions: number;
  readonly steps: number;
  /** Prompt tokens looked up in the prefix cache, and found there. */
  readonly prefixQueries: number;
  readonly prefixHits: number;
}

export interface LiveEngine {
  /** Tokens of the longest sequence that the KV cache holds. */
  readonly longest: number;
  /** A request arrives at `now`; returns its number, or −1 when it is refused (queue full, prompt too long for ever). */
  add(request: LiveRequest, now: number): number;
  /** The client is gone. False when the request had ended already. */
  cancel(request: number, now: number): boolean;
  /**
   * Runs the next step, which starts at `now` or when the previous one ends, whichever is later. Its results count at once;
   * the caller shows them at `end`. Null when there is nothing to do, or nothing that can be done.
   */
  step(now: number): LiveStep | null;
  /** Prompt tokens of a request that came from the prefix cache; 0 until it has been admitted. */
  cachedTokens(request: number): number;
  state(): LiveState;
}

/** An engine of one replica. Throws InputError on a bad server. `seed` draws the accepted drafts of speculation. */
export function createEngine(server: Server, seed = 0): LiveEngine {
  const resolved = resolveServer(server);
  refuseTooLong(server.scheduler?.maxModelLen, resolved);
  const requests = new Requests(256);
  const segments = { offset: [0], id: [] as number[], tokens: [] as number[], answer: [] as number[] };
  const core = buildCore(
    {
      server: resolved,
      model: modelOf(resolved),
      requests,
      segments: segments satisfies Segments,
      recorder: new Recorder(1, undefined),
      seed,
    },
    0,
  );
  let prefixQueries = 0;
  let prefixHits = 0;
  const counted: boolean[] = [];

  /** Counts a request's look-up in the prefix cache, once it has been admitted. */
  const countHits = (i: number): void => {
    if (counted[i]) return;
    counted[i] = true;
    prefixQueries += requests.prompt[i] as number;
    prefixHits += requests.cached[i] as number;
  };

  return {
    longest: longestSequence(resolved),
    add(request, now) {
      const i = requests.count;
      requests.ensure(i + 1);
      requests.count = i + 1;
      const text = typeof request.prompt === "number" ? [] : request.prompt;
      let total = typeof request.prompt === "number" ? request.prompt : 0;
      if (typeof request.prompt === "number") {
        segments.id.push(ownContent(i, 0));
        segments.tokens.push(request.prompt);
      }
      for (const segment of text) {
        segments.id.push(contentId(segment.id));
        segments.tokens.push(segment.tokens);
        total += segment.tokens;
      }
      segments.offset.push(segments.id.length);
      segments.answer.push(ownContent(i, 1));
      requests.prompt[i] = total;
      requests.output[i] = request.output;
      requests.priority[i] = request.priority ?? 0;
      if (!core.everFits(i)) {
        requests.stage[i] = stages.ended;
        requests.status[i] = status.refused;
        return -1;
      }
      return core.submit(i, now) ? i : -1;
    },
    cancel: (i, now) => core.abort(i, now),
    step(now) {
      if (core.idle) return null;
      if (now > core.clock) core.clock = now;
      const start = core.clock;
      if (!core.step()) return null;
      const batch = Array.from(core.emitted.subarray(0, core.emittedCount));
      batch.forEach(countHits);
      return {
        start,
        end: core.clock,
        requests: batch,
        tokens: Array.from(core.emittedTokens.subarray(0, core.emittedCount)),
        finished: core.ended.slice(),
      };
    },
    cachedTokens: (i) => requests.cached[i] ?? 0,
    state: () => ({
      running: core.runningCount,
      waiting: core.waiting.size,
      freeBlocks: core.kv.free,
      totalBlocks: core.kv.capacity,
      preemptions: core.preemptions,
      steps: core.steps,
      prefixQueries,
      prefixHits,
    }),
  };
}
