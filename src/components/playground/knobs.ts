/** Every knob of a simulated server and of its load: what it is called, what it may hold, and where it stands at the start. */
import { catalog } from "../../engine/catalog/catalog.ts";
import { engines } from "../../engine/step/engines.ts";
import { shippedTraces } from "../../engine/workload/traces/names.ts";

/** As typed or chosen. "" leaves it to the server's own default. */
export type Values = Readonly<Record<string, string>>;

interface Common {
  readonly id: string;
  readonly label: string;
  readonly unit?: string;
  /** Field of the engine's Server or Workload, as its errors name it. */
  readonly field: string;
  readonly initial: string;
  /** Shown only while this holds. */
  readonly when?: (values: Values) => boolean;
}

/** A number, typed; with `slide`, also moved. "" is allowed where `initial` is "". */
export interface NumberKnob extends Common {
  readonly kind: "number";
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
  /** Ends of its slider; `log` makes each step a ratio. */
  readonly slide?: { readonly from: number; readonly to: number; readonly log?: boolean };
}

export interface ChoiceKnob extends Common {
  readonly kind: "choice";
  readonly options: readonly (readonly [value: string, label: string])[];
}

export type Knob = NumberKnob | ChoiceKnob;

export interface Group {
  readonly title: string;
  /** Open from the start. */
  readonly first: boolean;
  readonly knobs: readonly Knob[];
}

type Limits = Partial<Omit<NumberKnob, "kind" | "id" | "label" | "field" | "initial">>;

function number(
  id: string,
  label: string,
  initial: string,
  least: number,
  most: number,
  more: Limits & { field: string },
): NumberKnob {
  return { kind: "number", id, label, initial, least, most, ...more };
}
const tokens = { unit: "tokens", whole: true } as const;

function choice(
  id: string,
  label: string,
  field: string,
  options: readonly (string | readonly [string, string])[],
  initial: string,
  when?: Knob["when"],
): ChoiceKnob {
  return {
    kind: "choice",
    id,
    label,
    field,
    initial,
    options: options.map((option) => (typeof option === "string" ? [option, option] : option)),
    ...(when && { when }),
  };
}
/** Those whose rules are known. */
const versions = Array.from({ length: 26 }, (_, i) => `0.${33 - i}`);
const onOff = [
  ["", "as the version has it"],
  ["yes", "on"],
  ["no", "off"],
] as const;

export const ownTrace = "own";

const is =
  (id: string, ...wanted: readonly string[]) =>
  (values: Values) =>
    wanted.includes(valueOf(values, id));
const isReplay = (values: Values) => replayed(values) !== null;
const isDrawn = (values: Values) => !isReplay(values);
const isOpen = is("arrivals", "poisson", "gamma", "constant");

/** Name of the trace that is replayed; null where the load is drawn from distributions. */
export function replayed(values: Values): string | null {
  const arrivals = valueOf(values, "arrivals");
  return arrivals === ownTrace || shippedTraces.includes(arrivals) ? arrivals : null;
}

/** The knobs of a length: how it is distributed, and its numbers. */
function lengths(of: "prompt" | "output", label: string, mean: string, to: number): readonly Knob[] {
  const shape = `${of}-shape`;
  return [
    number(of, `${label}, mean`, mean, 1, 1_000_000, {
      field: `workload.${of}`,
      ...tokens,
      slide: { from: of === "prompt" ? 16 : 1, to, log: true },
      when: isDrawn,
    }),
    number(`${of}-sigma`, `${label}, spread σ`, "0.8", 0, 3, {
      field: `workload.${of}.sigma`,
      slide: { from: 0, to: 2 },
      when: (values) => isDrawn(values) && is(shape, "lognormal")(values),
    }),
  ];
}
const shapes = [
  ["lognormal", "lognormal"],
  ["fixed", "all alike"],
  ["uniform", "uniform, from 1 token up"],
  ["exponential", "exponential"],
] as const;

const labelled = (entries: readonly { readonly id: string; readonly name: string }[]) =>
  entries.map(({ id, name }) => [id, name] as const).toSorted((a, b) => a[1].localeCompare(b[1]));

export const groups: readonly Group[] = [
  {
    title: "Load",
    first: true,
    knobs: [
      choice(
        "arrivals",
        "Arrivals",
        "workload.arrivals",
        [
          ["poisson", "at random (Poisson)"],
          ["gamma", "in bursts (gamma)"],
          ["constant", "evenly spaced"],
          ["ramp", "a rate that grows"],
          ["burst", "all at once"],
          ["closed", "users who wait (closed loop)"],
          ...shippedTraces.map((name) => [name, `trace: ${name}`] as const),
          [ownTrace, "your own trace"],
        ],
        "poisson",
      ),
      number("rate", "Rate", "12", 0.001, 10_000, {
        unit: "requests/s",
        field: "workload.arrivals.rate",
        slide: { from: 0.5, to: 100, log: true },
        when: isOpen,
      }),
      number("burstiness", "Burstiness", "0.25", 0.01, 100, {
        unit: "1 is Poisson, less is burstier",
        field: "workload.arrivals.burstiness",
        slide: { from: 0.05, to: 4, log: true },
        when: is("arrivals", "gamma"),
      }),
      number("from", "Rate at the start", "1", 0, 10_000, {
        unit: "requests/s",
        field: "workload.arrivals.from",
        when: is("arrivals", "ramp"),
      }),
      number("to", "Rate at the end", "30", 0, 10_000, {
        unit: "requests/s",
        field: "workload.arrivals.to",
        slide: { from: 1, to: 100, log: true },
        when: is("arrivals", "ramp"),
      }),
      number("seconds", "Time it takes", "60", 0.001, 1e6, {
        unit: "s",
        field: "workload.arrivals.seconds",
        when: is("arrivals", "ramp"),
      }),
      number("users", "Users", "64", 1, 100_000, {
        whole: true,
        field: "workload.arrivals.users",
        slide: { from: 1, to: 1024, log: true },
        when: is("arrivals", "closed"),
      }),
      number("think", "Think time, mean", "0", 0, 1e6, {
        unit: "s",
        field: "workload.arrivals.thinkTime",
        when: is("arrivals", "closed"),
      }),
      number("speed", "Replay", "1", 0.001, 1000, {
        unit: "times as fast",
        field: "workload.arrivals.speed",
        slide: { from: 0.1, to: 10, log: true },
        when: isReplay,
      }),
      ...lengths("prompt", "Prompt", "800", 32_000),
      ...lengths("output", "Answer", "200", 4000),
      number("requests", "Requests", "1000", 1, 200_000, {
        whole: true,
        field: "workload.requests",
        slide: { from: 50, to: 100_000, log: true },
      }),
    ],
  },
  {
    title: "Server",
    first: true,
    knobs: [
      choice("model", "Model", "model", labelled(catalog.models), "llama-3.1-8b"),
      choice("gpu", "GPU", "gpu", labelled(catalog.gpus), "h100-sxm-80"),
      choice("tp", "GPUs that share each layer", "tensorParallel", ["1", "2", "4", "8", "16"], "1"),
      number("replicas", "Replicas", "1", 1, 256, { whole: true, field: "replicas", slide: { from: 1, to: 16 } }),
      choice(
        "weights",
        "Weights",
        "weights",
        [["", "as the checkpoint has them"], "bf16", "fp8", "int8", "w4a16", "nvfp4"],
        "",
      ),
      choice("kv", "KV cache", "kv", [["", "as the checkpoint has it"], "bf16", "fp8"], ""),
      number("seqs", "Sequences at once (max_num_seqs)", "", 1, 100_000, {
        whole: true,
        field: "scheduler.maxNumSeqs",
        slide: { from: 1, to: 1024, log: true },
      }),
      number("budget", "Tokens a step (max_num_batched_tokens)", "", 1, 1_000_000, {
        ...tokens,
        field: "scheduler.maxNumBatchedTokens",
        slide: { from: 64, to: 32_768, log: true },
      }),
      number("memory", "Share of GPU memory (gpu_memory_utilization)", "", 0.01, 1, {
        field: "scheduler.gpuMemoryUtilization",
        slide: { from: 0.3, to: 0.98 },
      }),
    ],
  },
  {
    title: "Objective",
    first: true,
    knobs: [
      number("slo-ttft", "TTFT at most", "500", 0, 1e7, {
        unit: "ms",
        field: "slo.ttft",
        slide: { from: 20, to: 10_000, log: true },
      }),
      number("slo-tpot", "TPOT at most", "30", 0, 1e7, {
        unit: "ms",
        field: "slo.tpot",
        slide: { from: 5, to: 200, log: true },
      }),
      number("slo-e2e", "End to end at most", "", 0, 1e7, { unit: "ms; empty: no bound", field: "slo.e2e" }),
    ],
  },
  {
    title: "Lengths, prefixes and sessions",
    first: false,
    knobs: [
      choice("prompt-shape", "Prompts are", "workload.prompt.kind", shapes, "lognormal", isDrawn),
      choice("output-shape", "Answers are", "workload.output.kind", shapes, "lognormal", isDrawn),
      number("prompt-most", "Longest prompt", "", 1, 1_000_000, {
        ...tokens,
        field: "workload.prompt.max",
        when: isDrawn,
      }),
      number("output-most", "Longest answer", "", 1, 1_000_000, {
        ...tokens,
        field: "workload.output.max",
        when: isDrawn,
      }),
      number("prefix", "Shared prefix before each prompt", "0", 0, 1_000_000, {
        ...tokens,
        field: "workload.prefix.tokens",
        slide: { from: 0, to: 8000 },
        when: isDrawn,
      }),
      number("groups", "Different prefixes", "1", 1, 1_000_000, {
        whole: true,
        field: "workload.prefix.groups",
        when: isDrawn,
      }),
      number("zipf", "How unequal they are (Zipf)", "0", 0, 5, { field: "workload.prefix.zipf", when: isDrawn }),
      number("turns", "Turns of a session", "1", 1, 1000, {
        whole: true,
        field: "workload.sessions.turns",
        when: isDrawn,
      }),
      number("pause", "Pause between turns, mean", "5", 0, 1e6, {
        unit: "s",
        field: "workload.sessions.think",
        when: (values) => isDrawn(values) && valueOf(values, "turns") !== "1",
      }),
      number("duration", "Stop sending after", "", 0.001, 1e7, { unit: "s", field: "workload.duration" }),
      number("concurrency", "The client's own cap (max_concurrency)", "", 1, 100_000, {
        whole: true,
        field: "workload.maxConcurrency",
      }),
      number("seed", "Seed", "1", 0, 4_294_967_295, { whole: true, field: "workload.seed" }),
    ],
  },
  {
    title: "Scheduler",
    first: false,
    knobs: [
      choice(
        "batching",
        "Batching",
        "batching",
        [
          ["continuous", "continuous (vLLM)"],
          ["prefillFirst", "prompts first, in one go"],
          ["static", "static batches"],
        ],
        "continuous",
      ),
      choice(
        "policy",
        "Who goes first (policy)",
        "scheduler.policy",
        [
          ["", "first come, first served"],
          ["priority", "priority"],
        ],
        "",
      ),
      choice("chunked", "Chunked prefill", "scheduler.enableChunkedPrefill", onOff, ""),
      choice("async", "Plan ahead (async_scheduling)", "scheduler.asyncScheduling", onOff, ""),
      number("long-prefill", "Most of one prompt in a step", "", 0, 1_000_000, {
        ...tokens,
        field: "scheduler.longPrefillTokenThreshold",
      }),
      choice("long-adaptive", "That bound adapts", "scheduler.longPrefillTokenThresholdAdaptive", onOff, ""),
      number("prefill-interval", "Prefill in every n-th step", "", 1, 1000, {
        whole: true,
        field: "scheduler.prefillScheduleInterval",
      }),
      choice("full-isl", "Admit whole prompts only", "scheduler.schedulerReserveFullIsl", onOff, ""),
      number("active", "Run at once, at most", "", 1, 100_000, { whole: true, field: "scheduler.maxNumActiveSeqs" }),
      number("scheduled", "Computed in a step, at most", "", 1, 1_000_000, {
        ...tokens,
        field: "scheduler.maxNumScheduledTokens",
      }),
      number("max-waiting", "Wait at once, at most; others are refused", "", 0, 1_000_000, {
        whole: true,
        field: "scheduler.maxWaiting",
      }),
      number("timeout", "Given up after", "", 0.001, 1e7, { unit: "s", field: "scheduler.timeout" }),
    ],
  },
  {
    title: "KV cache",
    first: false,
    knobs: [
      choice("prefix-caching", "Prefix caching", "scheduler.enablePrefixCaching", onOff, ""),
      number("block", "Block size", "", 1, 4096, { ...tokens, field: "scheduler.blockSize" }),
      number("blocks", "Blocks, as the server's log has them", "", 1, 1e9, {
        whole: true,
        field: "scheduler.numGpuBlocks",
      }),
      number("context", "Longest context (max_model_len)", "", 1, 100_000_000, {
        ...tokens,
        field: "scheduler.maxModelLen",
      }),
      number("watermark", "Share of blocks that admission leaves free", "", 0, 1, { field: "scheduler.watermark" }),
      choice(
        "allocator",
        "Allocator",
        "kvAllocator",
        [
          ["paged", "paged (vLLM)"],
          ["powerOfTwo", "powers of two"],
          ["reserve", "reserve for every sequence"],
        ],
        "paged",
      ),
      number("reserve", "Reserved for every sequence", "2048", 1, 1_000_000, {
        ...tokens,
        field: "kvAllocator.reserve",
        when: is("allocator", "reserve"),
      }),
    ],
  },
  {
    title: "Parallelism and routing",
    first: false,
    knobs: [
      number("pp", "Pipeline stages", "1", 1, 256, { whole: true, field: "pipelineParallel" }),
      number("dp", "Data parallel", "1", 1, 256, { whole: true, field: "dataParallel" }),
      number("ep", "Expert parallel", "1", 1, 1024, { whole: true, field: "expertParallel" }),
      choice(
        "routing",
        "To which replica",
        "routing",
        [
          ["round-robin", "in turn"],
          ["least-loaded", "to the least loaded"],
          ["prefix", "to the one that has the prefix"],
        ],
        "round-robin",
      ),
      number("load-bound", "A full one is passed over above", "1.25", 1, 100, {
        unit: "times the mean load",
        field: "routing.loadBound",
        when: is("routing", "prefix"),
      }),
      choice(
        "apart",
        "Prefill and decode",
        "disaggregated",
        [
          ["", "on the same GPUs"],
          ["yes", "on GPUs of their own"],
        ],
        "",
      ),
      number("prefill-gpus", "GPUs for prefill", "1", 1, 1024, {
        whole: true,
        field: "disaggregated.prefillGpus",
        when: is("apart", "yes"),
      }),
      number("decode-gpus", "GPUs for decode", "1", 1, 1024, {
        whole: true,
        field: "disaggregated.decodeGpus",
        when: is("apart", "yes"),
      }),
      number("link", "Link between them", "50", 0.001, 100_000, {
        unit: "GB/s",
        field: "disaggregated.linkBytesPerSecond",
        when: is("apart", "yes"),
      }),
    ],
  },
  {
    title: "Speculative decoding",
    first: false,
    knobs: [
      choice(
        "drafts",
        "Drafts come from",
        "speculation.method",
        [
          ["", "nowhere"],
          ["draftModel", "a small model"],
          ["eagle", "EAGLE"],
          ["mtp", "the model’s own heads (MTP)"],
          ["ngram", "the text itself (n-gram)"],
        ],
        "",
      ),
      number("draft-tokens", "Tokens drafted", "4", 1, 64, {
        ...tokens,
        field: "speculation.draftTokens",
        slide: { from: 1, to: 16 },
        when: drafts,
      }),
      number("acceptance", "Chance that a draft is right", "0.7", 0, 1, {
        field: "speculation.acceptance",
        slide: { from: 0, to: 1 },
        when: drafts,
      }),
      number("draft-cost", "A draft costs", "0.05", 0, 10, {
        unit: "decode steps",
        field: "speculation.draftCost",
        when: drafts,
      }),
    ],
  },
  {
    title: "Engine, network and faults",
    first: false,
    knobs: [
      choice("version", "Scheduler of vLLM", "version", [["", "the engine’s newest"], ...versions], ""),
      choice(
        "engine",
        "Engine",
        "engine",
        [["", "the newest vLLM fitted"], ...engines.map((id) => [id, id] as const)],
        "",
      ),
      choice(
        "parameters",
        "Cost of steps",
        "parameters",
        [
          ["fitted", "fitted to measurements"],
          ["ideal", "ideal: the datasheet’s roofline"],
          ["course-h100-v1", "the course’s frozen H100"],
        ],
        "fitted",
      ),
      number("rtt", "Network round trip", "0", 0, 60_000, {
        unit: "ms",
        field: "network.rtt",
        slide: { from: 0, to: 500 },
      }),
      number("pause-every", "The server freezes every", "", 0.001, 1e6, { unit: "s", field: "pauses.every" }),
      number("pause-length", "for", "1", 0, 1e6, {
        unit: "s",
        field: "pauses.length",
        when: (values) => valueOf(values, "pause-every") !== "",
      }),
    ],
  },
];

function drafts(values: Values): boolean {
  return valueOf(values, "drafts") !== "";
}

export const knobs: readonly Knob[] = groups.flatMap(({ knobs: own }) => own);
const byId = new Map(knobs.map((knob) => [knob.id, knob]));

/** Throws for a knob that there is none of: ids stand in code. */
export function knobOf(id: string): Knob {
  const knob = byId.get(id);
  if (knob === undefined) throw new Error(`there is no knob ${id}`);
  return knob;
}

/** What stands in it: as set, else as at the start. */
export function valueOf(values: Values, id: string): string {
  return values[id] ?? knobOf(id).initial;
}

/** Whether it acts on what is simulated now. */
export function isActive(knob: Knob, values: Values): boolean {
  return knob.when === undefined || knob.when(values);
}

/** Without what stands at its start, is no knob, or is no option of its choice: for a link that others wrote. */
export function tidied(given: Iterable<readonly [string, string]>): Values {
  const kept: Record<string, string> = {};
  for (const [id, value] of given) {
    const knob = byId.get(id);
    if (knob === undefined || value === knob.initial) continue;
    if (knob.kind === "choice" && !knob.options.some(([option]) => option === value)) continue;
    kept[id] = value;
  }
  return kept;
}
