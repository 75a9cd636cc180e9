/** The tables of the cheat sheet, each number computed by the engine or read from its catalogue when the site is built. */
import {
  decodeStep,
  gpu,
  gpuPrice,
  kvBytesPerToken,
  memoryBudget,
  model,
  percentileInterval,
  prefillStep,
  resolveServer,
  selfHostedCost,
  sourceOf,
  tail,
} from "../../engine/index.ts";
import { count, number, percent, time, usd } from "../format.ts";
import { readingSpeed, server } from "../figures/lesson-one.ts";

export interface CheatTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Where it comes from, if not from the engine. */
  readonly note?: string;
}

export function decode(): CheatTable {
  const contexts = [512, 8192];
  return {
    title: "One decode step",
    columns: ["users", ...contexts.map((context) => `${count(context)} tokens each`)],
    rows: [1, 8, 64].map((batch) => [
      count(batch),
      ...contexts.map((context) => {
        const fits = batch <= memoryBudget(server).maxSequences(context);
        const { seconds } = decodeStep(server, { batch, context });
        return fits ? `${time(seconds)} · ${number(batch / seconds)} tok/s` : "does not fit";
      }),
    ]),
  };
}

export function prefill(): CheatTable {
  return {
    title: "Reading a prompt, alone",
    columns: ["tokens", "time", "in decode steps"],
    rows: [128, 512, 2048, 8192, 32768].map((tokens) => {
      const { seconds } = prefillStep(server, { tokens });
      const written = seconds / decodeStep(server, { batch: 1, context: tokens }).seconds;
      return [count(tokens), time(seconds), number(written)];
    }),
  };
}

export function people(): CheatTable {
  const { usdPerHour } = gpuPrice(server.gpu as string);
  const cost = (batch: number) =>
    selfHostedCost({
      gpuHour: usdPerHour,
      gpus: 1,
      outputTokensPerSecond: batch / decodeStep(server, { batch, context: 512 }).seconds,
    }).perMillionOutputTokens;
  return {
    title: "People and money",
    columns: ["what", "value"],
    rows: [
      ["reading pace, 238 words a minute [Brysbaert 2019]", `${number(readingSpeed())} tok/s`],
      ["one token at that pace", time(1 / readingSpeed())],
      ["an H100 hour", usd(usdPerHour)],
      ["a million tokens, 1 user on it", usd(cost(1))],
      ["a million tokens, 64 users on it", usd(cost(64))],
    ],
    note: `Hour: ${sourceOf(gpuPrice(server.gpu as string), "usdPerHour").source}.`,
  };
}

export function tails(): CheatTable {
  return {
    title: "Tasks that meet a call slower than p99",
    columns: ["calls", "tasks"],
    rows: [5, 10, 20, 50, 69, 100].map((n) => [count(n), percent(tail.fanout(0.01, n))]),
  };
}

export function gpus(): CheatTable {
  const ids = ["l4", "rtx-4090", "a100-sxm-80", "h100-sxm-80", "h200-sxm-141", "b200-sxm-180"];
  return {
    title: "GPUs, as their makers state them, dense",
    columns: ["GPU", "bf16, TFLOP/s", "memory, GB", "bandwidth, TB/s", "B_crit, bf16", "8B model alone, at best"],
    rows: ids.map((id) => {
      const { name, memory, hbmBandwidth, peakFlops } = gpu(id);
      const flops = peakFlops.bf16 ?? peakFlops.fp16 ?? NaN;
      const weights = memoryBudget(server).weights;
      return [
        name,
        number(flops / 1e12),
        number(memory / 1e9),
        number(hbmBandwidth / 1e12),
        count(flops / hbmBandwidth),
        `${number(hbmBandwidth / weights)} tok/s`,
      ];
    }),
    note: `Peaks and bandwidths: ${[...new Set(ids.map((id) => sourceOf(gpu(id), "hbmBandwidth").source.split(/[@ ]/)[0]))].join(", ")}, November 2026. “At best” is bandwidth ÷ bytes of weights; 80 % of it is good.`,
  };
}

export function models(): CheatTable {
  const ids = ["qwen3-4b", "llama-3.1-8b", "qwen3-32b", "llama-3.3-70b", "gpt-oss-120b", "deepseek-v3"];
  return {
    title: "Models",
    columns: [
      "model",
      "parameters, 10⁹",
      "active, 10⁹",
      "weights in bf16, GB",
      "KV, kB a token",
      "KV of 8,192 tokens, GB",
    ],
    rows: ids.map((id) => {
      const entry = model(id);
      const kv = kvBytesPerToken(entry);
      return [
        id,
        number(entry.parameters / 1e9),
        number(entry.activeParameters / 1e9),
        number((entry.parameters * 2) / 1e9),
        number(kv / 1e3),
        number((kv * 8192) / 1e9),
      ];
    }),
    note: "Computed from each model’s published shape. A model with sliding windows keeps less than context × bytes a token.",
  };
}

export function defaults(): CheatTable {
  const of = (id: string) => resolveServer({ model: "llama-3.1-8b", gpu: id }).scheduler;
  const [large, small] = [of("h100-sxm-80"), of("l4")];
  const onOff = (on: boolean) => (on ? "on" : "off");
  return {
    title: "Scheduler",
    columns: ["option", "70 GiB of memory and more", "below, and on A100", "what it does"],
    rows: [
      ["maxNumSeqs", count(large.maxNumSeqs), count(small.maxNumSeqs), "most sequences at once"],
      [
        "maxNumBatchedTokens",
        count(large.maxNumBatchedTokens),
        count(small.maxNumBatchedTokens),
        "most tokens in one step; larger: better TTFT, longer stalls",
      ],
      [
        "gpuMemoryUtilization",
        number(large.gpuMemoryUtilization),
        number(small.gpuMemoryUtilization),
        "share of the memory that weights and caches may take",
      ],
      ["blockSize", count(large.blockSize), count(small.blockSize), "tokens in a block of the KV cache"],
      [
        "enablePrefixCaching",
        onOff(large.enablePrefixCaching),
        onOff(small.enablePrefixCaching),
        "keeps blocks of equal beginnings",
      ],
      [
        "enableChunkedPrefill",
        onOff(large.enableChunkedPrefill),
        onOff(small.enableChunkedPrefill),
        "reads long prompts in pieces",
      ],
      ["policy", large.policy, small.policy, "first come, first served, or by priority"],
    ],
  };
}

/** Requests from which on p99 has a 95 % interval. */
export function fewestForP99(): number {
  let n = 1;
  while (
    percentileInterval(
      Float64Array.from({ length: n }, (_, i) => i),
      99,
    ) === null
  )
    n++;
  return n;
}
