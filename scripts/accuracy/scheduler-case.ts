/** One step log of vLLM's real scheduler, and the same requests scheduled by ours with every step priced 1. */
import { model as findModel } from "../../src/engine/catalog/model.ts";
import type { AttentionGroup, Model } from "../../src/engine/catalog/types.ts";
import { InputError } from "../../src/engine/errors.ts";
import { resolveServer } from "../../src/engine/resolve.ts";
import type { ResolvedServer } from "../../src/engine/server.ts";
import { buildCore } from "../../src/engine/simulate/build.ts";
import type { Core } from "../../src/engine/simulate/core.ts";
import { Recorder } from "../../src/engine/simulate/record/recorder.ts";
import { Requests } from "../../src/engine/simulate/requests.ts";
import type { StepModel } from "../../src/engine/step/types.ts";
import { contentId, ownContent } from "../../src/engine/workload/content-id.ts";

type Pair = readonly [request: number, n: number];

/** What one plan did: who computes how many tokens, who came in with how many cached, who gave way, and what came of it. */
export interface LoggedStep {
  readonly tokens: readonly Pair[];
  readonly admitted: readonly Pair[];
  readonly preempted: readonly number[];
  readonly free: number;
  readonly emitted?: readonly Pair[];
  readonly finished?: readonly number[];
  readonly freeAfter?: number;
}

interface CaseRequest {
  readonly at: number;
  readonly prompt: readonly (readonly [id: string | readonly ["answer", number], tokens: number])[];
  readonly output: number;
  readonly priority?: number;
  readonly cancel?: number;
  /** Its prompt is computed elsewhere: the decode side of a split, which fetches the KV. */
  readonly remote?: boolean;
}

/** Options of vLLM's SchedulerConfig and CacheConfig that a case may set. */
const limitNames = [
  "max_num_seqs",
  "max_num_batched_tokens",
  "max_num_scheduled_tokens",
  "max_num_active_seqs",
  "max_model_len",
  "block_size",
  "num_gpu_blocks",
  "enable_prefix_caching",
  "enable_chunked_prefill",
  "long_prefill_token_threshold",
  "long_prefill_token_threshold_adaptive",
  "policy",
  "scheduler_reserve_full_isl",
  "watermark",
  "prefill_schedule_interval",
] as const;

export interface SchedulerCase {
  readonly name: string;
  readonly vllm: string;
  readonly scheduler: string;
  readonly limits: Readonly<Partial<Record<(typeof limitNames)[number], number | boolean | string>>>;
  readonly spec?: {
    readonly drafts: number;
    readonly acceptance: number;
    readonly seed: number;
    readonly lookahead: boolean;
    /** Tokens of a step's input that drafting takes for each request: 0, or 1 for a draft model. */
    readonly draft_slots?: 0 | 1;
  };
  /** Attention window of each group of layers that shares blocks, null where everything is looked at; one full group without. */
  readonly groups?: readonly (number | null)[];
  /** Steps that the KV of one token takes to come from elsewhere, one request after another. */
  readonly link?: number;
  readonly requests: readonly CaseRequest[];
  readonly steps: readonly LoggedStep[];
}

/** The server of a case. Its limits stand behind vLLM's own checks, so they are put in after ours. */
function serverOf({ vllm, scheduler, limits, spec, groups }: SchedulerCase): ResolvedServer {
  const { max_model_len: maxModelLen, ...given } = limits;
  const server = resolveServer({
    model: groups ? windowed(groups) : "llama-3.1-8b",
    gpu: "h100-sxm-80",
    version: vllm,
    scheduler: { asyncScheduling: scheduler.startsWith("AsyncScheduler") },
    ...(spec && {
      speculation: {
        method: spec.draft_slots ? "draftModel" : spec.lookahead ? "eagle" : "ngram",
        acceptance: spec.acceptance,
        draftTokens: spec.drafts,
        draftCost: 0,
      },
    }),
  });
  const named = Object.fromEntries(Object.entries(given).map(([name, value]) => [camelCase(name), value]));
  return {
    ...server,
    scheduler: {
      ...server.scheduler,
      ...named,
      ...(maxModelLen !== undefined && { maxModelLen: Number(maxModelLen) }),
    },
  };
}

/** A model with one layer a group. */
function windowed(groups: readonly (number | null)[]): Model {
  const model = findModel("llama-3.1-8b");
  const [layer] = model.attention as [AttentionGroup];
  const kinds: AttentionGroup[] = [];
  for (const window of groups) {
    const last = kinds.at(-1);
    if (last && (last.window ?? null) === window) kinds[kinds.length - 1] = { ...last, layers: last.layers + 1 };
    else kinds.push({ ...layer, layers: 1, ...(window !== null && { window }) });
  }
  return { ...model, layers: groups.length, attention: kinds };
}

/** Throws InputError, naming it, on what a case asks for and this replay does not know. */
function checkCase(given: SchedulerCase): void {
  const { name, scheduler, limits, spec } = given;
  const refuse = (field: string, value: unknown, allowed: string): never => {
    throw new InputError(`${name}: ${field}`, value, allowed);
  };
  if (!/^(Async)?Scheduler\b/.test(scheduler)) refuse("scheduler", scheduler, '"Scheduler" or "AsyncScheduler"');
  for (const option of Object.keys(limits))
    if (!(limitNames as readonly string[]).includes(option))
      refuse("limits", option, `an option that is replayed: ${limitNames.join(", ")}`);
  if (limits.policy !== undefined && limits.policy !== "fcfs" && limits.policy !== "priority")
    refuse("limits.policy", limits.policy, '"fcfs" or "priority"');
  if (spec?.draft_slots !== undefined && spec.draft_slots !== 0 && spec.draft_slots !== 1)
    refuse("spec.draft_slots", spec.draft_slots, "0 or 1");
  for (const request of given.requests)
    for (const field of Object.keys(request))
      if (!["at", "prompt", "output", "priority", "cancel", "remote"].includes(field))
        refuse("requests", field, "at, prompt, output, priority, cancel and remote");
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Every step takes one second, whatever is in it. */
const unitPrice: StepModel = {
  seconds: () => 1,
  cost: () => {
    throw new Error("steps of a scheduler case have no cost");
  },
};

/** Schedules the case's requests, step by step. Throws InputError on options that are not known. */
export function schedule(given: SchedulerCase): LoggedStep[] {
  checkCase(given);
  const { requests: specs } = given;
  const requests = new Requests(specs.length);
  requests.count = specs.length;
  const segments = { offset: [0], id: [] as number[], tokens: [] as number[], answer: [] as number[] };
  specs.forEach((spec, i) => {
    for (const [id, tokens] of spec.prompt) {
      segments.id.push(typeof id === "string" ? contentId(id) : ownContent(id[1], 1));
      segments.tokens.push(tokens);
      requests.prompt[i] = (requests.prompt[i] as number) + tokens;
    }
    segments.offset.push(segments.id.length);
    segments.answer.push(ownContent(i, 1));
    requests.output[i] = spec.output;
    requests.priority[i] = spec.priority ?? 0;
  });

  /** KV on its way here, in order of arrival. */
  const coming: { readonly at: number; readonly i: number }[] = [];
  const fetch = (i: number, tokens: number, at: number): void => {
    coming.push({ at: Math.max(at, coming.at(-1)?.at ?? 0) + tokens * (given.link ?? 0), i });
  };
  const steps: LoggedStep[] = [];
  const plans: LoggedStep[] = [];
  let admitted: Pair[] = [];
  let preempted: number[] = [];
  const core = buildCore(
    {
      server: serverOf(given),
      model: unitPrice,
      requests,
      segments,
      recorder: new Recorder(1, undefined),
      seed: 0,
      accepted: keptOf(given.steps),
      onPlan: ({ planned, kv }) => {
        const tokens = Array.from({ length: planned.count }, (_, k): Pair => [
          planned.request[k] as number,
          planned.tokens[k] as number,
        ]);
        const plan = { tokens, admitted, preempted, free: kv.free };
        if (tokens.length > 0) plans.push(plan);
        else if (preempted.length > 0) steps.push(plan);
        admitted = [];
        preempted = [];
      },
    },
    0,
    specs.some(({ remote }) => remote) ? { fetch } : {},
  );
  listen(core, {
    admitted: (i, cached) => admitted.push([i, cached]),
    preempted: (i) => preempted.push(i),
  });

  const arrivals = specs.map((spec, i) => ({ at: spec.at, i })).sort((a, b) => a.at - b.at || a.i - b.i);
  const cancels = specs.flatMap(({ cancel }, i) => (cancel === undefined ? [] : [{ at: cancel, i }]));
  let next = 0;
  for (let turn = 0; turn < 1e6 && (next < arrivals.length || coming.length > 0 || !core.idle); turn++) {
    if (core.idle)
      core.clock = Math.max(core.clock, Math.min(arrivals[next]?.at ?? Infinity, coming[0]?.at ?? Infinity));
    for (; next < arrivals.length && (arrivals[next] as { at: number }).at <= core.clock; next++) {
      const { at, i } = arrivals[next] as { at: number; i: number };
      core.submit(i, at);
      if (specs[i]?.remote) core.remote.expect(i);
    }
    for (const { at, i } of cancels) if (at <= core.clock) core.abort(i, at);
    while (coming[0] && coming[0].at <= core.clock + 1e-9) {
      const { at, i } = coming.shift() as { at: number; i: number };
      core.notice(at, () => core.fetched(i));
    }
    if (core.idle) continue;
    if (!core.step()) {
      if (core.idle) continue;
      const later = Math.min(
        arrivals[next]?.at ?? Infinity,
        coming[0]?.at ?? Infinity,
        ...cancels.map(({ at }) => at).filter((at) => at > core.clock),
      );
      if (later === Infinity) break;
      core.clock = later;
      continue;
    }
    const emitted = Array.from({ length: core.emittedCount }, (_, k): Pair => [
      core.emitted[k] as number,
      core.emittedTokens[k] as number,
    ]);
    steps.push({ ...(plans.shift() as LoggedStep), emitted, finished: [...core.ended], freeAfter: core.kv.free });
  }
  return steps;
}

/** Drafts that the model kept: an input of the scheduler, so it is taken from the log. By request and tokens it had before. */
function keptOf(steps: readonly LoggedStep[]): (request: number, generated: number) => number {
  const kept = new Map<string, number>();
  const generated = new Map<number, number>();
  for (const [request, tokens] of steps.flatMap(({ emitted }) => emitted ?? [])) {
    const before = generated.get(request) ?? 0;
    kept.set(`${request}:${before}`, tokens - 1);
    generated.set(request, before + tokens);
  }
  return (request, before) => kept.get(`${request}:${before}`) ?? 0;
}

/** Tells of admissions and preemptions as a policy asks for them. */
function listen(
  core: Core,
  on: { readonly admitted: (i: number, cached: number) => void; readonly preempted: (i: number) => void },
): void {
  const admitHead = core.admitHead.bind(core);
  const preempt = core.preempt.bind(core);
  core.admitHead = (cached, queue) => {
    const i = admitHead(cached, queue);
    on.admitted(i, cached);
    return i;
  };
  core.preempt = (i) => {
    on.preempted(i);
    preempt(i);
  };
}

/** The first step in which two logs differ, null where none does. Columns that a log lacks are not compared. */
export function firstDifference(theirs: readonly LoggedStep[], ours: readonly LoggedStep[]): number | null {
  const columns = ["tokens", "admitted", "preempted", "free", "emitted", "finished", "freeAfter"] as const;
  for (let k = 0; k < Math.max(theirs.length, ours.length); k++) {
    const a = theirs[k];
    const b = ours[k];
    if (!a || !b) return k;
    if (columns.some((name) => a[name] !== undefined && JSON.stringify(a[name]) !== JSON.stringify(b[name] ?? [])))
      return k;
  }
  return null;
}
