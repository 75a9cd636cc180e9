/** Every number and figure of lesson 5 that our engine can compute, computed by it. */
import {
  burst,
  clamp,
  decodeStep,
  exponential,
  fixed,
  gpuPrice,
  kvBytesPerToken,
  memoryBudget,
  poisson,
  prefillStep,
  resolveServer,
  script,
  simulate,
  summarize,
  expand,
} from "../../engine/index.ts";
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import { histogram, line } from "../../engine/chart/index.ts";
import type { Run } from "../../engine/run.ts";
import type { Server } from "../../engine/server.ts";
import { count, percent, time } from "../format.ts";
import type { QuizPlot } from "../quiz/plots.ts";
import { eviction as evictionOf, served } from "./lesson-five/eviction.ts";
import type { rooms } from "./lesson-five/replay.ts";
import { replay as replayOf, replayed } from "./lesson-five/replay.ts";
import { eachOnce, kept } from "./kept.ts";
import type { MovingFigure } from "./moving.ts";
import { schedulerPlayer } from "./scheduler-player.ts";

/** The server of the lesson: one model, one GPU, the frozen parameter set. */
export const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** Bytes of KV cache a token of the model takes. */
export const tokenBytes = kvBytesPerToken(resolveServer(server).model);

// ── how memory is handed out ──

/** Tokens of a chat in the middle of its answer, as the fact base has it, and of the longest that a server accepts. */
export const chat = 500;
export const longest = 2048;
export const blockSize = 16;
/** Share of the slots taken that hold a token. */
export const reservedUse = chat / longest;
export const pagedWaste = blockSize / 2 / (chat + blockSize / 2);

/** Tokens of KV cache in the derby. */
export const pool = 100_000;
const allocators = {
  reserve: { kvAllocator: { reserve: longest } },
  "powers of two": { kvAllocator: "powerOfTwo" },
  "blocks of 16": { kvAllocator: "paged" },
} as const satisfies Readonly<Record<string, Partial<Server>>>;
export type Allocator = keyof typeof allocators;

const derbyRun = kept((allocator: Allocator, block: number): Run =>
  simulate(
    {
      ...server,
      ...allocators[allocator],
      scheduler: {
        blockSize: block,
        numGpuBlocks: Math.floor(pool / block) + 1,
        maxNumSeqs: 512,
        maxNumBatchedTokens: 8192,
      },
    },
    {
      arrivals: burst(),
      prompt: clamp(exponential(300), 1, 1400),
      output: clamp(exponential(200), 1, 640),
      requests: 600,
      seed: 1,
    },
  ),
);

/** 600 chats at once and room for 100,000 tokens: chats in the batch at most and in the mean over time, output tokens a second, and who had to begin again. */
export function derby(allocator: Allocator, block = blockSize) {
  const { requests, timeline } = derbyRun(allocator, block);
  const { t = [], batch = [] } = timeline ?? {};
  const chatSeconds = Array.from(t, (at, k) => ((t[k + 1] ?? at) - at) * (batch[k] ?? 0));
  return {
    residents: Math.max(...batch),
    meanBatch: sum(chatSeconds) / Math.max(...requests.last),
    tokens: sum(requests.outputTokens) / Math.max(...requests.last),
    preemptions: sum(requests.preemptions),
  };
}

export function pagedGain(): number {
  return derby("blocks of 16").tokens / derby("reserve").tokens;
}

export const derbyOrigin: ChartOrigin = { kind: "simulated", seed: 1 };

export function derbyChart(): ChartDescription {
  const names = Object.keys(allocators) as Allocator[];
  return line({
    title: "Chats in the batch, with one pool and three ways to share it",
    says: `${names.map((name) => `${name}: up to ${count(derby(name).residents)} chats, ${count(derby(name).tokens)} tokens a second`).join("; ")}.`,
    x: { label: "Time since the burst", unit: "s" },
    y: { label: "Chats in the batch" },
    series: names.map((name) => {
      const { t, batch } = derbyRun(name, blockSize).timeline ?? { t: [], batch: [] };
      return { name, points: Array.from(t, (x, k) => ({ x, y: batch[k] ?? 0 })) };
    }),
  });
}

/** Seconds of a step with so many chats, and the shares of it in which caches are read and in which arithmetic is the limit. */
export function crowd(batch: number, context = chat) {
  const { seconds, parts } = decodeStep(server, { batch, context });
  return { step: seconds, cache: (parts["kv"] ?? 0) / seconds, arithmetic: (parts["compute"] ?? 0) / seconds };
}

/** Tokens that the pool has for each chat where most are in the batch. */
export const crowded = () => Math.floor(pool / derby("blocks of 16").residents);
export const peakStep = () => crowd(derby("blocks of 16").residents, crowded());

/** The smallest batch whose arithmetic takes longer than reading the weights. */
export const fullBatch = kept((): number => {
  let batch = 1;
  while (decodeStep(server, { batch, context: chat }).bound === "weights") batch++;
  return batch;
});

/** Five chats on 14 blocks. */
function blocks(): MovingFigure {
  const chats = [
    [0, 40, 22],
    [0, 24, 40],
    [0, 56, 30],
    [0.01, 30, 36],
    [0.02, 20, 12],
  ] as const;
  return schedulerPlayer({
    title: "Blocks, handed out as chats grow",
    server: {
      ...server,
      scheduler: { maxNumBatchedTokens: 128, maxNumSeqs: 5, numGpuBlocks: 15, enablePrefixCaching: false },
    },
    workload: script(chats.map(([at, prompt, output]) => ({ at, prompt, output }))),
    names: {
      done: ({ finished }) => finished.length > 0,
      returns: ({ computes }) =>
        computes.some(({ request, tokens, prefill }) => prefill && request === 3 && tokens > 30),
    },
    still: "preempted",
  });
}

// ── what a prefix saves ──

/** Tokens that all prompts share, and those of one question. */
export const shared = 6000;
export const own = 200;

/** Seconds of prefill with nothing found, and with the shared part found. */
export function prefill(found: boolean): number {
  return prefillStep(server, { tokens: shared + own, cached: found ? shared : 0 }).seconds;
}

/** Mean over 95 finds and 5 misses of 100. */
export function meanPrefill(): number {
  return 0.95 * prefill(true) + 0.05 * prefill(false);
}

/** 400 prompts, one in twenty with a beginning that nobody has sent before. */
const bimodal = kept((): Run => {
  const arrivals = expand({ arrivals: poisson(1), prompt: fixed(1), output: fixed(1), requests: 400, seed: 1 });
  return simulate(
    server,
    script(
      arrivals.map(({ at }, k) => ({
        at,
        prompt: [
          { id: k % 20 === 0 ? `new ${k}` : "known", tokens: shared },
          { id: `question ${k}`, tokens: own },
        ],
        output: 2,
      })),
    ),
  );
});

export function hits() {
  const { requests } = bimodal();
  const { ttft } = summarize(bimodal(), { window: "all" });
  return {
    share: sum(requests.cachedTokens) / sum(requests.promptTokens),
    mean: ttft.mean,
    p50: ttft.p(50),
    p99: ttft.p(99),
  };
}

export const hitsOrigin: ChartOrigin = { kind: "simulated", seed: 1 };

export function hitsChart(): ChartDescription {
  const { requests } = bimodal();
  const { mean, p50, p99 } = hits();
  return histogram({
    title: "Time to first token, with 19 of 20 prefixes found",
    says: `Two hills: finds at ${time(p50)}, misses at ${time(p99)}. The mean, ${time(mean)}, is where nobody is.`,
    x: { label: "TTFT", unit: "s" },
    samples: [{ name: "400 requests", values: Array.from(requests.first, (t, i) => t - (requests.started[i] ?? 0)) }],
    marks: [
      { x: mean, label: "mean" },
      { x: p99, label: "p99" },
    ],
  });
}

/** Requests of the figure of evictions. */
export const evicted = kept(() => served(server));

/** Share of the recorded hour's blocks found by a cache of so many blocks of 512 tokens. */
export function recordedShare(room: (typeof rooms)[number]): number {
  return replayed(server, room).share;
}

/** GB of cache for so many blocks of 512 tokens. */
export function recordedMemory(room: number): number {
  return (room * 512 * tokenBytes) / 1e9;
}

// ── one cache or four ──

/** Four replicas with room for so many of 200 prefixes each, of 1,024 tokens and popular by Zipf's law: share found, and the busiest one. */
export const routed = kept((routing: "round-robin" | "affinity" | "bounded", prefixes: number) => {
  const loadBound = routing === "bounded" ? 1.25 : 4;
  const { requests } = simulate(
    {
      ...server,
      replicas: 4,
      routing: routing === "round-robin" ? routing : { affinity: "prefix", loadBound },
      parameters: "ideal",
      scheduler: { numGpuBlocks: prefixes * 64 + 3, maxNumSeqs: 1 },
    },
    {
      arrivals: poisson(10),
      prefix: { groups: 200, tokens: fixed(1024), zipf: 1 },
      prompt: fixed(15),
      output: fixed(1),
      requests: 4000,
      seed: 2,
    },
  );
  const each = [0, 1, 2, 3].map((k) => Array.from(requests.replica).filter((replica) => replica === k).length);
  return {
    share: sum(requests.cachedTokens) / (1024 * requests.count),
    busiest: (4 * Math.max(...each)) / requests.count,
  };
});

// ── fewer bits ──

/** Tokens of KV cache on this GPU, by the number format of the cache. */
export function roomFor(kv: "bf16" | "fp8"): number {
  return memoryBudget({ ...server, kv }).cacheTokens;
}

/** Measured by the vLLM team in April 2026: a step of one user, milliseconds, by tokens of context. */
const measured = { bf16: [6.44, 4.37e-5], fp8: [6.58, 2.37e-5] } as const;
const measuredStep = (kv: keyof typeof measured, context: number) => measured[kv][0] + measured[kv][1] * context;

export const breakEven = (measured.fp8[0] - measured.bf16[0]) / (measured.bf16[1] - measured.fp8[1]);

/** How much shorter a measured step is with FP8, as a share; negative where it is longer. */
export function fp8Gain(context: number): number {
  return 1 - measuredStep("fp8", context) / measuredStep("bf16", context);
}

export function fp8Chart(): ChartDescription {
  const contexts = [512, 1024, 2048, 4096, 7000, 16_384, 32_768, 65_536, 131_072];
  return line({
    title: "What FP8 takes off a step of one user",
    says: `FP8 costs time below ${count(breakEven)} tokens of context. At 32,768 it saves ${percent(fp8Gain(32_768))} of a step, at 131,072 ${percent(fp8Gain(131_072))}.`,
    x: { label: "Context", unit: "tokens", scale: "log" },
    y: { label: "Shorter than with bf16", unit: "%" },
    series: [{ name: "from the measured fits", points: contexts.map((x) => ({ x, y: 100 * fp8Gain(x) })) }],
    marks: [{ y: 0, label: "no gain" }],
  });
}

// ── the decision ──

const gpuHour = gpuPrice("h100-sxm-80").usdPerHour;

export const options = {
  today: { ordered: false, kv: "bf16", replicas: 1 },
  fp8: { ordered: false, kv: "fp8", replicas: 1 },
  order: { ordered: true, kv: "bf16", replicas: 1 },
  second: { ordered: false, kv: "bf16", replicas: 2 },
} as const;

/** A support chat: 10 requests a second, 6,000 tokens of instructions that all share, 200 of its own, answers of 150. */
const support = kept((option: keyof typeof options) => {
  const { ordered, kv, replicas } = options[option];
  const arrivals = expand({
    arrivals: poisson(10),
    prompt: fixed(1),
    output: exponential(150),
    requests: 300,
    seed: 3,
  });
  const instructions = { id: "instructions", tokens: shared };
  const run = simulate(
    { ...server, kv, replicas },
    script(
      arrivals.map(({ at, output }, k) => {
        const question = { id: `time and question ${k}`, tokens: own };
        return { at, prompt: ordered ? [instructions, question] : [question, instructions], output };
      }),
    ),
  );
  const { ttft, tpot } = summarize(run, { window: "all" });
  return { ttft: ttft.p(99), tpot: tpot.p(99), usd: gpuHour * replicas * 730 };
});

/** TTFT p99, TPOT p99 and dollars a month of an option: cells of its row. */
export function outcome(option: keyof typeof options): readonly [string, string, string] {
  const { ttft, tpot, usd } = support(option);
  return [time(ttft), time(tpot), `$${count(usd)}`];
}

/** Whether it keeps a TTFT p99 of 400 ms on a budget of one GPU. */
export function keeps(option: keyof typeof options): boolean {
  return support(option).ttft <= 0.4 && options[option].replicas === 1;
}

// ── gaps of the worked example ──

export const example = {
  reserved: Math.floor(pool / longest),
  blocks: Math.ceil(chat / blockSize),
  slots: Math.ceil(chat / blockSize) * blockSize,
  fits: Math.floor(pool / (Math.ceil(chat / blockSize) * blockSize)),
};
export const blockSlips = [
  { value: Math.floor(chat / blockSize), why: "The last, partly filled block is taken too." },
  { value: chat / blockSize, why: "Blocks are taken whole." },
];
export const fitSlips = [
  { value: Math.floor(pool / chat), why: "Each chat also takes the empty end of its last block." },
  { value: Math.floor(pool / longest), why: "So many fit if each reserves for the longest." },
];

const replay = () => replayOf(server, tokenBytes);
const eviction = () => evictionOf(server);

/** Figures that move, by the name under which their stored picture is kept. */
export const figures: Readonly<Record<string, () => MovingFigure>> = eachOnce({ blocks, eviction, replay });

/** Plots to read in the quiz. */
export const plots: Readonly<Record<string, () => QuizPlot>> = {
  hits: () => ({ chart: hitsChart(), origin: hitsOrigin }),
};
