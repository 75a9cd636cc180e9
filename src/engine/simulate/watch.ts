/** A few requests on one engine, step by step: who computes what, who waits, who holds which share of the KV cache. */
import { InputError } from "../errors.ts";
import { resolveServer } from "../resolve.ts";
import type { Server } from "../server.ts";
import { contentId, ownContent } from "../workload/content-id.ts";
import { expand } from "../workload/expand.ts";
import type { Workload } from "../workload/types.ts";
import { buildCore, modelOf } from "./build.ts";
import type { Core } from "./core.ts";
import { Recorder } from "./record/recorder.ts";
import { Requests } from "./requests.ts";

export interface WatchedStep {
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  /** Tokens that each request computes in this step; `prefill` while its text is not computed yet. */
  readonly computes: readonly { readonly request: number; readonly tokens: number; readonly prefill: boolean }[];
  /** In the batch and waiting while the step runs. */
  readonly running: readonly number[];
  readonly waiting: readonly number[];
  /** Gave up its blocks when the step was planned. */
  readonly preempted: readonly number[];
  /** Have their last token when it ends. */
  readonly finished: readonly number[];
  /** KV blocks that each request holds while the step runs. */
  readonly blocks: readonly number[];
  /** Leading tokens of each request’s prompt that are in the cache, whoever brought them. */
  readonly cached: readonly number[];
  readonly free: number;
}

export interface Watched {
  readonly arrivals: readonly number[];
  readonly prompts: readonly number[];
  readonly outputs: readonly number[];
  readonly steps: readonly WatchedStep[];
  /** KV blocks of the engine. */
  readonly capacity: number;
}

/** Beyond this a run is for `simulate`. */
const MOST_STEPS = 2000;

/**
 * Scheduler, cache and step model are those of `simulate`; each plan is made when its step starts. The workload must not wait for
 * answers (no closed loop). Throws InputError for more than 2,000 steps.
 */
export function watch(server: Server, workload: Workload): Watched {
  const resolved = resolveServer({ ...server, scheduler: { ...server.scheduler, asyncScheduling: false } });
  const specs = expand(workload);
  const requests = new Requests(specs.length);
  requests.count = specs.length;
  const segments = { offset: [0], id: [] as number[], tokens: [] as number[], answer: [] as number[] };
  specs.forEach(({ prompt, output, priority = 0 }, i) => {
    const text =
      typeof prompt === "number"
        ? [{ id: ownContent(i, 0), tokens: prompt }]
        : prompt.map(({ id, tokens }) => ({ id: contentId(id), tokens }));
    for (const { id, tokens } of text) {
      segments.id.push(id);
      segments.tokens.push(tokens);
      requests.prompt[i] = (requests.prompt[i] as number) + tokens;
    }
    segments.offset.push(segments.id.length);
    segments.answer.push(ownContent(i, 1));
    requests.output[i] = output;
    requests.priority[i] = priority;
  });

  let plan: Omit<WatchedStep, "start" | "end" | "finished"> | null = null;
  let preempted: number[] = [];
  const core = buildCore(
    {
      server: resolved,
      model: modelOf(resolved),
      requests,
      segments,
      recorder: new Recorder(1, undefined),
      seed: workload.seed ?? 0,
      onPlan: (planning) => {
        plan = { ...planOf(planning), preempted };
        preempted = [];
      },
    },
    0,
  );
  const preempt = core.preempt.bind(core);
  core.preempt = (i) => {
    preempted.push(i);
    preempt(i);
  };

  const steps: WatchedStep[] = [];
  for (let next = 0; next < specs.length || !core.idle;) {
    if (core.idle) core.clock = Math.max(core.clock, specs[next]?.at ?? 0);
    for (; next < specs.length && (specs[next]?.at ?? Infinity) <= core.clock; next++)
      core.submit(next, specs[next]?.at ?? 0);
    const start = core.clock;
    if (!core.step()) {
      if (next >= specs.length) break;
      core.clock = specs[next]?.at ?? 0;
      continue;
    }
    if (plan !== null) steps.push({ ...(plan as WatchedStep), start, end: core.clock, finished: [...core.ended] });
    if (steps.length > MOST_STEPS)
      throw new InputError("workload", specs.length, `short enough to end within ${MOST_STEPS} steps`);
  }
  return {
    arrivals: specs.map(({ at }) => at),
    prompts: specs.map((_, i) => requests.prompt[i] as number),
    outputs: specs.map(({ output }) => output),
    steps,
    capacity: core.kv.capacity,
  };
}

function planOf({ planned, requests, running, runningCount, waiting, kv }: Core) {
  const computes = Array.from({ length: planned.count }, (_, k) => {
    const request = planned.request[k] as number;
    const done = requests.computed[request] as number;
    const generated = requests.generated[request] as number;
    const prefill = generated === 0 || done + 1 < (requests.prompt[request] as number) + generated;
    return { request, tokens: planned.tokens[k] as number, prefill };
  });
  return {
    computes,
    running: Array.from(running.subarray(0, runningCount)),
    waiting: Array.from({ length: waiting.size }, (_, k) => waiting.at(k)),
    blocks: Array.from(requests.blocks.subarray(0, requests.count)),
    cached: Array.from(requests.prompt.subarray(0, requests.count), (tokens, i) => kv.lookup(i, tokens)),
    free: kv.free,
  };
}
