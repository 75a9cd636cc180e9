/** Turns a row into a server and a load: what is stated, what has to be assumed, and what cannot be predicted. */
import type { Dtype, Model } from "../../src/engine/catalog/types.ts";
import { model as findModel } from "../../src/engine/catalog/model.ts";
import { gpu as findGpu } from "../../src/engine/catalog/gpu.ts";
import { formats } from "../../src/engine/catalog/dtypes.ts";
import { spreadOf, type Spread } from "../../src/engine/estimate/burst.ts";
import { budgetOf } from "../../src/engine/estimate/memory.ts";
import { resolveServer } from "../../src/engine/resolve.ts";
import type { ResolvedServer } from "../../src/engine/server.ts";
import { engineGeneration } from "../../src/engine/step/engines.ts";
import { workOf, type Work } from "../../src/engine/step/work.ts";
import type { Row } from "./csv.ts";
import { launched, type Launched } from "./launched.ts";
import { tableOf, unitScale, type Table } from "./metrics.ts";

export interface Case {
  readonly file: string;
  readonly row: number;
  readonly metric: string;
  readonly unit: string;
  /** As in the file, and in SI. */
  readonly measured: number;
  readonly scale: number;
  readonly table: Table;
  readonly model: string;
  readonly gpu: string;
  readonly engine: string;
  readonly version: string;
  readonly server: ResolvedServer;
  readonly work: Work;
  readonly load: string;
  /** Batch, concurrency, number of requests, or requests per second, by `load`; NaN where not stated. */
  readonly value: number;
  readonly prompt: number;
  readonly output: number;
  /** Tokens already in the cache before the prompt. */
  readonly cached: number;
  readonly requests: number | undefined;
  /** Tokens that llama.cpp computes of a prompt at a time. */
  readonly microBatch?: number;
  /** Steps are launched kernel by kernel: the CUDA graphs of vLLM before 0.5 end at 8,192 tokens of context. */
  readonly eager: boolean;
  readonly spread: Spread;
  /** Prompts differ in length as those of chats do: many short ones, few long ones. */
  readonly chatLengths: boolean;
  /** Requests come over HTTP; false where a script calls the engine in its own process. */
  readonly served: boolean;
  /** They come as chats, which a template of the model turns into a prompt. */
  readonly templated: boolean;
  readonly gpus: number;
  /** Independent schedulers that share the load. */
  readonly lanes: number;
  readonly maxRunning: number;
  /** The same for rows that measure the same load on the same server, whatever their metric. */
  readonly key: string;
  readonly assumed: readonly string[];
}

/** `stated` is false for rows that leave out what design.md §7 needs; those do not count against coverage. */
export type Read =
  | { readonly case: Case }
  | {
      readonly file: string;
      readonly row: number;
      readonly metric: string;
      readonly unit: string;
      readonly measured: number | null;
      readonly stated: boolean;
      readonly reason: string;
    };

const dtypes: Readonly<Record<string, Dtype>> = { "16bit": "bf16", int4: "nvfp4", fp4: "nvfp4" };

/** Tokens of an answer whose length a row does not give: the mean of chat data sets. */
const usualOutput = 256;

/** Reads one row. Never throws: what cannot be read comes back with a reason. */
export function readCase(row: Row): Read {
  const metric = row.cell("metric");
  const unit = row.cell("unit");
  const measured = numberOf(row.cell("value"));
  const fail = (reason: string, stated: boolean): Read => ({
    file: row.file,
    row: row.row,
    metric,
    unit,
    measured: measured ?? null,
    stated,
    reason,
  });
  const load = row.cell("load_kind").toLowerCase();
  const table = tableOf(metric, load);
  for (const column of ["gpu_id", "model_id", "weight_bits_id"])
    if (row.cell(column) === "") return fail(`${column} not stated`, false);
  if (table !== "memory" && load === "") return fail("load_kind not stated", false);
  if (measured === undefined || !(measured > 0)) return fail("no positive value", true);
  if (table === undefined) return fail(`metric ${metric} is not one we predict`, true);
  const scale = metric === "kv_cache_tokens" ? 1 : unitScale(unit, metric);
  if (scale === undefined) return fail(`unit ${unit} is not known`, true);
  const prompt = numberOf(row.cell("in_mean"));
  if (prompt === undefined && table !== "memory") return fail("in_mean not stated", false);
  try {
    return { case: caseOf(row, { metric, unit, measured, scale, table, load, prompt }) };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), true);
  }
}

interface Head {
  readonly metric: string;
  readonly unit: string;
  readonly measured: number;
  readonly scale: number;
  readonly table: Table;
  readonly load: string;
  readonly prompt: number | undefined;
}

function caseOf(row: Row, head: Head): Case {
  const notes = row.cell("notes");
  const said = [notes, row.cell("batch_or_concurrency"), row.cell("system")].join(" ; ");
  const assumed: string[] = [];
  const found = findModel(row.cell("model_id"));
  const blockScales = /fp8_block/.test(notes) || /^(Qwen|zai-org)\/.*FP8/.test(row.cell("model"));
  const model: Model = blockScales ? { ...found, weights: "fp8" } : found;
  const gpu = findGpu(row.cell("gpu_id"));
  if (gpu.assume) assumed.push("gpu_id");
  const weights = dtypeOf(row.cell("weight_bits_id"));
  const engineName = row.cell("engine");
  // A fork counts its own versions.
  const fork = /^\w+-vllm\b/i.test(row.cell("engine_version"));
  const release = engineName === "" || fork ? undefined : engineGeneration(engineName, versionOf(row, engineName));
  if (engineName === "" || row.cell("engine_version") === "") assumed.push("engine_version");

  const gpus = whole(row.cell("n_gpu")) ?? (whole(row.cell("tp")) ?? 1) * (whole(row.cell("pp")) ?? 1);
  const layerSplit = (release === "hf" || release === "llamacpp") && gpus > 1;
  const pipelineParallel = layerSplit ? gpus : (whole(row.cell("pp")) ?? 1);
  let tensorParallel = layerSplit ? 1 : whole(row.cell("tp"));
  if (tensorParallel === undefined) {
    assumed.push("tp");
    tensorParallel = fittingTensorParallel(model.parameters * formats[weights].weight, gpu.memory, gpus);
  }
  const heads = model.attention[0]!.heads;
  const statedTp = tensorParallel;
  while (heads % tensorParallel !== 0) tensorParallel--;
  if (tensorParallel !== statedTp) assumed.push("tp");
  // Attention data parallel: every GPU has the whole attention and its own requests, and the experts are spread over all. SGLang
  // turns its switch off again where no number of ranks is given (server_args.py, `dp_size == 1`).
  const ranked =
    /attention DP|DEP\d/i.test(said) ||
    (/enable-dp-attention/.test(said) && /--(?:dp|data-parallel)(?:-size)?[ =]/.test(said));
  const spreads = model.experts !== undefined && gpus > 1 && ranked;
  if (spreads) tensorParallel = 1;
  const copies = Math.max(1, Math.floor(gpus / ((spreads ? 1 : statedTp) * pipelineParallel)));
  const experts = model.experts ? Math.min(spreads ? gpus : (whole(row.cell("ep")) ?? 1), model.experts.count) : 1;
  const ranks = experts > tensorParallel && copies > 1;

  const outputCell = numberOf(row.cell("out_mean"));
  const value = numberOf(row.cell("load_value")) ?? NaN;
  const script: Launched = /InferenceMAX protocol/.test(notes)
    ? launched({
        engine: engineName,
        model: model.id,
        gpu: gpu.id,
        weights,
        tensorParallel: statedTp,
        prompt: head.prompt ?? 0,
        output: outputCell ?? 0,
        concurrency: value,
      })
    : {};
  const generation =
    release === "vllm-v1" && (script.ahead || /--async-scheduling/.test(said)) ? "vllm-async" : release;
  const statedKv = row.cell("kv_bits_id");
  const kv = statedKv === "" ? (script.kv ?? usualKv(weights, engineName)) : dtypeOf(statedKv);
  if (statedKv === "") assumed.push("kv_bits_id");
  const settings = schedulerOf(said, generation, row.cell("engine_version"), gpu.id, gpu.memory, script);
  if (head.table === "memory" && !/util/i.test(notes)) assumed.push("gpu_memory_utilization");
  const resolved = resolveServer({
    model,
    gpu,
    tensorParallel,
    pipelineParallel: Math.min(pipelineParallel, model.layers),
    dataParallel: ranks ? copies : 1,
    expertParallel: experts,
    replicas: ranks ? 1 : copies,
    weights,
    kv,
    batching: settings.mixes ? "continuous" : "prefillFirst",
    scheduler: {
      maxNumSeqs: Math.min(settings.maxNumSeqs, settings.maxNumBatchedTokens),
      maxNumBatchedTokens: settings.maxNumBatchedTokens,
      gpuMemoryUtilization: settings.utilisation,
      // vLLM plans a step while the one before runs, by default from 0.14 on.
      asyncScheduling: generation === "vllm-async",
      prefillScheduleInterval: script.interval ?? 1,
    },
  });
  const server: ResolvedServer = { ...resolved, engine: generation ?? "other" };
  if (outputCell === undefined && head.table !== "memory") assumed.push("out_mean");
  const output = Math.max(1, outputCell ?? (head.load === "static" || head.load === "single" ? 128 : usualOutput));
  const prompt = head.prompt ?? 0;
  const depth = /depth (\d+)/.exec(notes);
  const cached = head.metric === "prefill_throughput" && depth ? Number(depth[1]) : 0;
  const cap = /cap (\d+) output tokens/.exec(notes);
  const counted =
    /(\d{2,6}) (?:requests|prompts|ShareGPT prompts)/.exec(notes) ?? /ShareGPT (\d{2,6}) prompts/.exec(notes);
  // InferenceMAX sends ten requests for each one in flight (its benchmark scripts, `num-prompts`).
  const requests = counted ? Number(counted[1]) : /InferenceMAX protocol/.test(notes) ? 10 * value : undefined;
  const lanes = server.replicas * server.dataParallel * server.pipelineParallel;
  const holds = heldSequences(server, prompt, output, settings.statedUtilisation, script.freeFraction);
  const maxRunning = Math.max(1, Math.min(settings.maxNumSeqs, holds / server.pipelineParallel));
  const ways = [tensorParallel, pipelineParallel, server.dataParallel, experts, server.replicas];
  const spread = spreadOf(
    (numberOf(row.cell("output_tokens")) === undefined || /ShareGPT/i.test(notes)) && !/random/i.test(notes),
    cap ? Number(cap[1]) / output : undefined,
  );
  const { mixes, maxNumBatchedTokens } = settings;
  const load = [head.load, value, prompt, output, ...spread.lengths, script.interval, mixes, maxNumBatchedTokens];
  return {
    file: row.file,
    row: row.row,
    ...head,
    model: model.id,
    gpu: gpu.id,
    engine: engineName || "not stated",
    version: row.cell("engine_version"),
    server,
    work: workOf(server),
    value,
    prompt,
    output,
    cached,
    requests,
    eager: generation === "vllm-2023" && prompt + output > 8192,
    ...(generation === "llamacpp" && { microBatch: Number(/n_ubatch=(\d+)/.exec(said)?.[1] ?? 512) }),
    spread,
    chatLengths: /sharegpt_(?:standard|edge)/.test(row.cell("input_tokens")),
    served: !/LLM\.generate|\boffline\b|async engine/i.test(said) && head.load !== "saturated",
    // GPUStack's pages print their command: `vllm bench serve --backend openai-chat`.
    templated: row.file === "gpustack_perf_lab.csv",
    gpus,
    lanes,
    maxRunning,
    key: [model.id, blockScales, gpu.id, weights, kv, server.engine, ...ways, ...load, maxRunning].join(" "),
    assumed: [...new Set(assumed)],
  };
}

/**
 * Sequences that one scheduler's KV cache holds, under the engine's own rules. vLLM and most others admit by what a sequence
 * takes now. TensorRT-LLM caches in 0.9 of what weights and activations leave, and admits what can end without eviction
 * (its defaults `free_gpu_memory_fraction` and GUARANTEED_NO_EVICT): each sequence counts at its full length. SGLang's
 * default `mem_fraction_static` keeps memory free for its prefill chunk and CUDA graphs (server_args.py).
 */
function heldSequences(
  server: ResolvedServer,
  prompt: number,
  output: number,
  stated: boolean,
  freeFraction = 0.9,
): number {
  const budget = budgetOf(server);
  let { kv } = budget;
  let context = prompt + output / 2;
  if (/^trtllm/.test(server.engine)) {
    if (!stated) kv = freeFraction * Math.max(0, budget.total - budget.weights - budget.activations - budget.runtime);
    context = prompt + output;
  } else if (server.engine === "sglang" && !stated) {
    const gpus = server.tensorParallel * server.pipelineParallel * server.dataParallel;
    const perGpu = 1.5 * 2 ** 20 * server.scheduler.maxNumBatchedTokens + 2 ** 30 * (1 + server.tensorParallel / 8);
    kv = budget.total - budget.runtime - gpus * perGpu - budget.weights;
  }
  // What ran although its weights do not fit was not as its row says: its memory then tells nothing.
  if (budget.weights > budget.total) return Infinity;
  return kv > 0 ? kv / budget.sequenceBytes(Math.max(1, Math.round(context))) / server.dataParallel : 1;
}

/** Checkpoints in NVFP4, and TensorRT-LLM's FP8 engines, come with an FP8 cache; elsewhere it has the model's own type. */
function usualKv(weights: Dtype, engine: string): Dtype {
  if (weights === "nvfp4") return "fp8";
  return weights === "fp8" && /trtllm|tensorrt/i.test(engine) ? "fp8" : "bf16";
}

function dtypeOf(cell: string): Dtype {
  const known = dtypes[cell] ?? (cell as Dtype);
  return known === "fp16" ? "bf16" : known;
}

/** The fewest GPUs, a power of two, whose memory takes the weights with a fifth to spare. */
function fittingTensorParallel(weightBytes: number, memory: number, gpus: number): number {
  let t = 1;
  while (t * 2 <= gpus && weightBytes > 0.75 * memory * t) t *= 2;
  return t;
}

/** The version, or what was current when the row was measured. */
function versionOf(row: Row, engine: string): string {
  const stated = row.cell("engine_version");
  if (/\d/.test(stated) || engine !== "vllm") return stated;
  const date = /(20\d\d)(?:-(\d\d))?/.exec(row.cell("date"));
  if (!date) return stated;
  const month = Number(date[1]) * 12 + Number(date[2] ?? 6);
  if (month < 2024 * 12 + 7) return "0.2";
  if (month < 2025 * 12 + 3) return "0.5";
  return month < 2026 * 12 + 1 ? "0.10" : "0.14";
}

interface Settings {
  readonly maxNumSeqs: number;
  readonly maxNumBatchedTokens: number;
  readonly utilisation: number;
  readonly statedUtilisation: boolean;
  readonly mixes: boolean;
}

/** Scheduler settings: what the row states, else the engine's defaults. */
function schedulerOf(
  text: string,
  generation: string | undefined,
  version: string,
  gpu: string,
  memory: number,
  script: Launched,
): Settings {
  const large = memory >= 70e9 && !/^a100/.test(gpu);
  const said = (pattern: RegExp): number | undefined => {
    const found = pattern.exec(text);
    return found ? Number(found[1]) : undefined;
  };
  const family = (generation ?? "vllm").split("-")[0];
  const old = generation === "vllm-v0" || generation === "vllm-2023";
  const defaults: Readonly<Record<string, readonly [number, number]>> = {
    vllm: old ? [256, 8192] : large ? [1024, 8192] : [256, 2048],
    sglang: [1024, /^(b[23]00|gb)/.test(gpu) ? 16384 : 8192],
    trtllm: [2048, 8192],
    lmdeploy: [256, 8192],
  };
  const [seqs, tokens] = defaults[family ?? ""] ?? [1024, 16384];
  const newest = /^0\.(2\d|19)/.test(version);
  const utilisation = said(/(?:gpu[-_]memory[-_]utilization|\butil)[ =:]*([01]?\.\d+)/i) ?? script.utilisation;
  return {
    maxNumSeqs:
      said(/max[-_](?:num[-_]seqs|running[-_]requests|batch[-_]size)[ =:]*(\d+)/) ?? script.maxNumSeqs ?? seqs,
    maxNumBatchedTokens:
      said(/(?:max[-_]num[-_]batched[-_]tokens|max[-_]num[-_]tokens|chunked[-_]prefill[-_]size)[ =:]*(\d+)/) ??
      script.maxNumBatchedTokens ??
      tokens,
    utilisation: utilisation !== undefined && utilisation <= 1 ? utilisation : newest ? 0.92 : 0.9,
    statedUtilisation: utilisation !== undefined && utilisation <= 1,
    mixes: !old && family !== "sglang" && family !== "lmdeploy",
  };
}

function numberOf(cell: string): number | undefined {
  if (cell === "") return undefined;
  const value = Number(cell.replace(/,/g, ""));
  return Number.isFinite(value) ? value : undefined;
}

function whole(cell: string): number | undefined {
  const value = numberOf(cell);
  return value !== undefined && value >= 1 ? Math.round(value) : undefined;
}
