/** Every number and figure of lesson 2 that our engine can compute, computed by it. */
import {
  decodeStep,
  gpu,
  gpuPrice,
  kvBytes,
  kvBytesPerToken,
  memoryBudget,
  model,
  prefillStep,
} from "../../engine/index.ts";
import { bars, line } from "../../engine/chart/index.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";
import type { Server } from "../../engine/server.ts";
import { count, number, percent, time } from "../format.ts";
import type { QuizPlot } from "../quiz/plots.ts";
import { eachOnce } from "./kept.ts";
import type { MovingFigure } from "./moving.ts";
import { roofline } from "./roofline.ts";

/** The server of the lesson: one model, one GPU, the frozen parameter set. */
export const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };
const l4: Server = { model: "qwen3-4b", gpu: "l4", parameters: "course-l4-v1" };
const llama = model("llama-3.1-8b");
const h100 = gpu("h100-sxm-80");

/** Bytes of all parameters of the lesson’s model, in bf16. */
export const weightBytes = 2 * llama.parameters;
export const bandwidth = h100.hbmBandwidth;
export const peak = h100.peakFlops.bf16!;

/** KiB of KV cache a token, in bf16. */
export function kib(modelId: string): number {
  return kvBytesPerToken(model(modelId), "bf16") / 1024;
}

/** Bytes of KV cache of one sequence, in bf16. */
export function cache(modelId: string, context: number): number {
  return kvBytes(model(modelId), context, "bf16");
}

/** The same in GiB. */
export function gib(modelId: string, context: number): number {
  return cache(modelId, context) / 2 ** 30;
}

/** Bytes of a cache whose layers all grow, as the textbook’s formula has it. */
export function asIfAllGrew(modelId: string, context: number): number {
  const groups = model(modelId).attention;
  return groups.reduce((sum, { layers, kvElements }) => sum + 2 * layers * kvElements * context, 0);
}

/** How many times the parameters of another model. */
export function timesAsLarge(modelId: string, than: string): number {
  return model(modelId).parameters / model(than).parameters;
}

/** KV of one token of DeepSeek-V3 if it cached keys and values of every head, over what its latent takes. */
export function latentSaves(): number {
  const [mla] = model("deepseek-v3").attention;
  // Heads of 128 numbers each, as the paper’s own comparison has it; positions are left out of both K and V.
  return (2 * mla!.heads * 128) / mla!.kvElements;
}

/** Tokens that so many GiB of cache hold of Qwen3-4B. */
export function tokensIn(gibibytes: number): number {
  return Math.floor((gibibytes * 2 ** 30) / kvBytesPerToken(model("qwen3-4b"), "bf16"));
}

/** Seconds of one decode step. */
export function step(batch: number, context: number): number {
  return decodeStep(server, { batch, context }).seconds;
}

/** Seconds to read the weights once at the bandwidth of the datasheet. */
export function floor(): number {
  return weightBytes / bandwidth;
}

/** Tokens per second of a model in 16 bits at a GPU’s bandwidth, if nothing but weights moved. */
export function ceiling(modelId: string, gpuId: string): number {
  return gpu(gpuId).hbmBandwidth / (2 * model(modelId).parameters);
}

/** Share of the bytes of a decode step that are KV cache. */
export function kvShare(batch: number, context: number): number {
  const read = batch * cache("llama-3.1-8b", context);
  return read / (read + weightBytes);
}

/** FLOP/s over bytes/s: the batch from which arithmetic takes longer than reading weights, at two bytes a weight. */
export function critical(gpuId: string, bytesPerWeight = 2): number {
  const { peakFlops, hbmBandwidth } = gpu(gpuId);
  return (peakFlops.bf16! / hbmBandwidth) * (bytesPerWeight / 2);
}

/** The context from which a sequence’s cache takes longer to read than its arithmetic, at datasheet speed. */
export function lastKnee(): number {
  return (2 * llama.parameters * bandwidth) / (peak * kvBytesPerToken(llama, "bf16"));
}

/** FLOP per byte of a decode step: each weight and each sequence twice, over weights and caches. */
export function intensity(batch: number, context: number): number {
  return (2 * llama.parameters * batch) / (weightBytes + batch * cache("llama-3.1-8b", context));
}

/** Sequences whose KV cache fits beside the weights. */
export function room(context: number, of: Server = server): number {
  return memoryBudget(of).maxSequences(context);
}

/** Seconds to read a prompt. */
export function prefill(tokens: number): number {
  return prefillStep(server, { tokens }).seconds;
}

/** Share of a prefill’s arithmetic that is attention. */
export function attentionShare(tokens: number): number {
  const { parts } = prefillStep(server, { tokens });
  const attention = parts["attention"] ?? 0;
  return attention / (attention + (parts["compute"] ?? 0) + (parts["weights"] ?? 0));
}

/** Tokens of a prompt from which attention is half of it. */
export function attentionIsHalf(): number {
  let tokens = 1000;
  while (attentionShare(tokens) < 0.5) tokens += 100;
  return tokens;
}

/** Tokens of a prompt from which its arithmetic takes longer than reading the weights. */
export function promptKnee(): number {
  let tokens = 1;
  while (prefillStep(server, { tokens }).bound !== "compute") tokens += 1;
  return tokens;
}

/** Qwen3-4B on an L4, one user, as vLLM’s documentation measured it: tokens per second. */
export const measuredOnL4 = [
  { context: 2048, bf16: 29.1, fp8: 29.4 },
  { context: 8192, bf16: 26.4, fp8: 27.9 },
  { context: 16_384, bf16: 23.6, fp8: 26.2 },
  { context: 32_768, bf16: 19.4, fp8: 23.4 },
] as const;

/** The same, by the model with one efficiency. */
export function onL4(context: number, kv: "bf16" | "fp8" = "bf16"): number {
  return 1 / decodeStep({ ...l4, kv }, { batch: 1, context }).seconds;
}

/** The largest error of the model on these measurements, as a share. */
export function worstOnL4(): number {
  return Math.max(...measuredOnL4.map(({ context, bf16 }) => Math.abs(onL4(context) / bf16 - 1)));
}

/** Share of the bytes of such a step that are KV cache. */
export function kvShareOnL4(context: number): number {
  const read = cache("qwen3-4b", context);
  return read / (read + 2 * model("qwen3-4b").parameters);
}

/** llama.cpp, Llama-3-8B, May 2024: tokens per second while reading and writing 1,024 tokens (Xiongjie Dai’s table). */
export const measuredCards = {
  "rtx-3090": { reading: 4239.64, writing: 46.51, writing4bit: 111.74 },
  "rtx-4090": { reading: 9056.26, writing: 54.34, writing4bit: 127.74 },
  "8 × rtx-4090": { reading: 11_818.92, writing: 52.12, writing4bit: 116.13 },
  "a100-pcie-80": { reading: 7504.24, writing: 54.56, writing4bit: 138.31 },
  "h100-pcie-80": { reading: 10_342.63, writing: 67.79, writing4bit: 144.49 },
} as const;

/** Share of its bandwidth that a card reached there while writing: weights × tokens per second over bandwidth. */
export function reached(card: "rtx-3090" | "rtx-4090" | "a100-pcie-80" | "h100-pcie-80"): number {
  return (2 * model("llama-3-8b").parameters * measuredCards[card].writing) / gpu(card).hbmBandwidth;
}

const ledger = [
  ["llama-2-7b", "Llama-2-7B"],
  ["llama-3.1-405b", "Llama-3.1-405B"],
  ["llama-3.1-70b", "Llama-3.1-70B"],
  ["qwen3-4b", "Qwen3-4B"],
  ["llama-3.1-8b", "Llama-3.1-8B"],
  ["deepseek-v3", "DeepSeek-V3"],
  ["gpt-oss-120b", "gpt-oss-120b"],
] as const;

/** Bytes that one more token adds once the chat is long. */
function growth(modelId: string): number {
  const of = model(modelId);
  return kvBytes(of, of.maxContext, "bf16") - kvBytes(of, of.maxContext - 1, "bf16");
}

export function ledgerChart(): ChartDescription {
  const rows = ledger.map(([id, name]) => ({ name, kib: growth(id) / 1024 })).sort((a, b) => b.kib - a.kib);
  return bars({
    title: "What one more token adds to the cache",
    y: { label: "KV cache in bf16", unit: "KiB" },
    categories: rows.map(({ name }) => name),
    series: [{ name: "per token", values: rows.map((row) => row.kib) }],
  });
}

const growing = [
  ["llama-3.1-405b", "Llama-3.1-405B"],
  ["llama-3.1-70b", "Llama-3.1-70B"],
  ["llama-3.1-8b", "Llama-3.1-8B"],
  ["deepseek-v3", "DeepSeek-V3"],
  ["gpt-oss-120b", "gpt-oss-120b"],
] as const;

/** How the cache of one chat grows: frames "2k", "8k" and "128k" among others. */
function cacheByModel(): MovingFigure {
  const contexts = [32, 128, 512, 2048, 8192, 32_768, 131_072];
  return {
    title: "The cache of one chat",
    slider: "Length of the chat",
    origin: { kind: "calculated" },
    still: contexts.indexOf(8192),
    play: 900,
    frames: contexts.map((context) => {
      const here = gib("llama-3.1-8b", context);
      const chats = Math.floor(memoryBudget(server).kv / cache("llama-3.1-8b", context));
      return {
        name: context < 1024 ? `${context}` : `${context / 1024}k`,
        at: `${count(context)} tokens`,
        says: `A chat of ${count(context)} tokens takes ${number(here)} GiB with Llama-3.1-8B: beside its weights an H100 holds ${count(chats)} of them.`,
        readings: growing.map(([id, name]) => [name, `${number(gib(id, context))} GiB`] as const),
        panels: [
          line({
            title: "The cache of one chat",
            x: { label: "Length of the chat", unit: "tokens", scale: "log" },
            y: { label: "KV cache", unit: "GiB", scale: "log" },
            series: [
              ...growing.map(([id, name]) => ({ name, points: contexts.map((x) => ({ x, y: gib(id, x) })) })),
              {
                name: "a chat of this length",
                points: growing.map(([id, name]) => ({ x: context, y: gib(id, context), label: name })),
              },
            ],
          }),
        ],
      };
    }),
  };
}

/** What a decode step moves, by batch: frames "512", "2k", "8k" and "32k" are contexts. */
function bytesSplit(): MovingFigure {
  const contexts = [512, 2048, 8192, 32_768];
  const batches = [1, 2, 4, 8, 16, 32, 64];
  return {
    title: "What one decode step reads",
    slider: "Context of each sequence",
    origin: { kind: "calculated" },
    still: contexts.indexOf(8192),
    frames: contexts.map((context) => {
      const shares = batches.map((batch) => kvShare(batch, context));
      const fits = room(context);
      return {
        name: context < 1024 ? `${context}` : `${context / 1024}k`,
        at: `${count(context)} tokens`,
        says: `With ${count(context)} tokens each, caches are ${percent(kvShare(1, context))} of what a step reads for one sequence, and ${percent(kvShare(64, context))} for 64.${fits < 64 ? ` Only ${count(fits)} fit into an H100.` : ""}`,
        readings: ([1, 8, 16, 64] as const).map(
          (batch) => [`batch ${batch}`, percent(kvShare(batch, context))] as const,
        ),
        panels: [
          bars({
            title: "What one decode step reads",
            y: { label: "Share of the bytes", unit: "%" },
            categories: batches.map((batch) => `batch ${batch}`),
            series: [
              { name: "weights", values: shares.map((share) => 100 * (1 - share)) },
              { name: "KV caches", values: shares.map((share) => 100 * share) },
            ],
            stacked: true,
          }),
        ],
      };
    }),
  };
}

/** Operations per byte over the batch, for four contexts, as far as the memory holds it. */
export function intensityChart(): ChartDescription {
  const batches = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
  return line({
    title: "Why decode stays below the ridge",
    x: { label: "Batch", scale: "log" },
    y: { label: "Operations per byte moved", scale: "log" },
    series: [16, 512, 2048, 8192].map((context) => {
      const most = room(context);
      return {
        name: `${count(context)} tokens each`,
        points: [...batches.filter((batch) => batch < most), Math.min(most, 1024)].map((batch) => ({
          x: batch,
          y: intensity(batch, context),
        })),
      };
    }),
    marks: [{ y: critical("h100-sxm-80"), label: "ridge of an H100" }],
  });
}

/** Where the arithmetic of a prompt goes. */
export function prefillChart(): ChartDescription {
  const lengths = [256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];
  return line({
    title: "Attention’s share of prefill",
    x: { label: "Prompt", unit: "tokens", scale: "log" },
    y: { label: "Share of the arithmetic", unit: "%" },
    series: [{ name: "Llama-3.1-8B", points: lengths.map((x) => ({ x, y: 100 * attentionShare(x) })) }],
    marks: [
      { x: 4096, label: "4k" },
      { x: attentionIsHalf(), label: "half" },
    ],
  });
}

/** One number against four measurements. */
export function l4Chart(): ChartDescription {
  const contexts = [1024, 2048, 4096, 8192, 16_384, 24_576, 32_768];
  return line({
    title: "Bytes over bandwidth, against vLLM",
    x: { label: "Context", unit: "tokens" },
    y: { label: "Speed for one user", unit: "tok/s" },
    series: [
      { name: "measured by vLLM", points: measuredOnL4.map(({ context, bf16 }) => ({ x: context, y: bf16 })) },
      { name: "calculated, at 82 % of the bandwidth", points: contexts.map((x) => ({ x, y: onL4(x) })) },
    ],
  });
}

/** The step of two models over the context, names withheld. */
function twoModels(): QuizPlot {
  const contexts = [0, 8192, 16_384, 24_576, 32_768];
  const of = (id: string) =>
    contexts.map((x) => ({ x, y: decodeStep({ ...server, model: id }, { batch: 8, context: x }).seconds }));
  return {
    origin: { kind: "calculated" },
    chart: line({
      title: "Two models on one GPU, eight users",
      x: { label: "Context of each user", unit: "tokens" },
      y: { label: "Time of one step", unit: "s" },
      series: [
        { name: "model A", points: of("qwen3-4b") },
        { name: "model B", points: of("llama-3.1-8b") },
      ],
    }),
  };
}

/** Figures that move; each is stored as a picture by a test. */
export const figures: Readonly<Record<string, () => MovingFigure>> = eachOnce({
  cacheByModel,
  bytesSplit,
  decodeRoof: () =>
    roofline({
      server,
      context: 256,
      batches: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      still: 64,
      title: "One decode step under the roof",
    }),
});

/** Plots of the quiz. */
export const plots: Readonly<Record<string, () => QuizPlot>> = { twoModels };

/** The brief of the decision: users at once, tokens of their prompt and of their chat, seconds, hours of a month. */
export const brief = { users: 40, prompt: 3000, context: 3600, firstToken: 0.4, pace: 0.03, hours: 730 };

/** One way to serve the brief, and what comes of it: `replicas` GPUs with a copy of the model each. */
function deployment(of: Server & { gpu: string }, replicas: number) {
  const fits = Math.min(brief.users, replicas * room(brief.context, of));
  const batch = Math.ceil(brief.users / replicas);
  const pace = decodeStep(of, { batch, context: brief.context }).seconds;
  const firstToken = prefillStep(of, { tokens: brief.prompt }).seconds;
  const usd = gpuPrice(of.gpu).usdPerHour * replicas * brief.hours;
  const keeps = fits >= brief.users && pace <= brief.pace && firstToken <= brief.firstToken;
  return { fits, pace, firstToken, usd, keeps };
}

const onH100 = { ...server, gpu: "h100-sxm-80" };
export const deployments = {
  llama2: deployment({ ...onH100, model: "llama-2-7b" }, 1),
  llama2x3: deployment({ ...onH100, model: "llama-2-7b" }, 3),
  llama31: deployment(onH100, 1),
  llama31fp8: deployment({ ...onH100, kv: "fp8" }, 1),
  llama31x5: deployment({ ...onH100, gpu: "rtx-4090" }, 5),
};

/** Cells of a deployment’s row, and whether it keeps the limits. */
export function outcome(which: keyof typeof deployments) {
  const { fits, pace, firstToken, usd, keeps } = deployments[which];
  return {
    outcome: [`${count(fits)} of ${count(brief.users)}`, time(firstToken), time(pace), `$${count(usd)}`],
    keeps,
  };
}
