/** Where the memory of a server's GPUs goes, and how many sequences the rest holds. */
import { formats, weightBytes } from "../catalog/dtypes.ts";
import { model as findModel } from "../catalog/model.ts";
import type { Dtype, HuggingFaceConfig, Model } from "../catalog/types.ts";
import { InputError } from "../errors.ts";
import { optionsNamed, checkOptions } from "../options.ts";
import { resolveServer } from "../resolve.ts";
import type { ResolvedServer, Server } from "../server.ts";
import type { Parameter } from "../step/types.ts";
import { heldBlocks, kvGroups, sequencesIn } from "./kv-groups.ts";
import type { MemoryBudget } from "./types.ts";
import { above } from "../within.ts";

/**
 * Bytes of KV cache that one more token takes: Σ layers × cached numbers × bytes (2 · layers · KV heads · head size · bytes for
 * grouped attention; latent + rope numbers for MLA, DeepSeek-V2 §2.1). While no attention window is full, or, with `at`, at that
 * context: a windowed layer whose window is full takes no more. The model is an id, a Model or a config.json; `kv` defaults to bf16. Where a layer keeps
 * one row for several tokens (DeepSeek-V4) its share of a row counts. Throws InputError for an unknown model or format.
 */
export function kvBytesPerToken(model: ModelLike, kv?: Dtype | { kv?: Dtype; at?: number }): number {
  const options = typeof kv === "object" && kv !== null ? kv : { kv };
  checkOptions("kvBytesPerToken options", options, perTokenOptions);
  const found = findModel(model);
  const bytes = cacheBytes(options.kv ?? "bf16");
  const at = options.at === undefined ? 0 : checkedContext("at", options.at, found);
  return tokenBytes(found, at, bytes);
}

/**
 * Bytes of KV cache of one sequence at a context: windowed layers stop growing at their window, recurrent layers keep
 * a state of fixed size (in fp32). The model is an id, a Model or a config.json. Throws InputError on a negative context or one
 * over the model's limit.
 */
export function kvBytes(model: ModelLike, context: number, kv?: Dtype): number {
  const found = findModel(model);
  return sequenceBytes(found, checkedContext("context", context, found), cacheBytes(kv ?? "bf16"));
}

/**
 * A sequence's KV cache at a context in two parts: `perToken`, bytes that the next token adds, and `fixed`, bytes that grow no
 * more: full windows and recurrent states. kvBytes is their sum, perToken × context + fixed. Throws as `kvBytes` does.
 */
export function kvParts(model: ModelLike, context: number, kv?: Dtype): { perToken: number; fixed: number } {
  const found = findModel(model);
  const bytes = cacheBytes(kv ?? "bf16");
  const at = checkedContext("context", context, found);
  const perToken = tokenBytes(found, at, bytes);
  return { perToken, fixed: sequenceBytes(found, at, bytes) - perToken * at };
}

const MOST_TOKENS = 1e12;

/** A catalogue id, a checkpoint's name, a Model, or a config.json as parsed. */
type ModelLike = Model | string | HuggingFaceConfig;

const perTokenOptions = optionsNamed({ numbers: ["at"], others: ["kv"] });

function checkedContext(field: string, context: number, model: Model): number {
  if (typeof context !== "number" || !(context >= 0 && context <= model.maxContext))
    throw new InputError(field, context, `from 0 to the model's limit of ${model.maxContext} tokens`);
  return context;
}

function tokenBytes(model: Model, at: number, bytes: number): number {
  return model.attention.reduce(
    (sum, group) =>
      sum + (group.window !== undefined && at >= group.window ? 0 : group.layers * rowBytes(group, bytes)),
    0,
  );
}

function sequenceBytes(model: Model, context: number, bytes: number): number {
  let total = 0;
  for (const group of model.attention) {
    const seen = group.window === undefined ? context : Math.min(context, group.window);
    total += group.layers * (seen * rowBytes(group, bytes) + (group.stateElements ?? 0) * 2);
  }
  return total;
}

/**
 * Bytes that one token takes in one layer. Keys of a sparse layer's index have a format of their own, whatever the KV's: 8 bits, and a
 * 32-bit scale per 128 (vLLM's DeepseekV32IndexerCache).
 */
function rowBytes(group: Model["attention"][number], bytes: number): number {
  return group.kvElements * bytes + (group.indexElements ?? 0) * (1 + 4 / 128);
}

function cacheBytes(kv: Dtype): number {
  if (typeof kv !== "string" || !Object.hasOwn(formats, kv))
    throw new InputError("kv", kv, `one of ${Object.keys(formats).join(", ")}`);
  return formats[kv].cache;
}

/**
 * vLLM's accounting (vllm/v1/worker/gpu_worker.py): of the visible memory times `gpuMemoryUtilization`, what weights, the
 * largest activations of a profiling step, and the CUDA context leave is cut into blocks. Bytes, summed over the GPUs of
 * one replica. KV heads are copied when there are fewer than tensor-parallel GPUs; MLA's latent is copied to each.
 */
export function memoryBudget(server: Server): MemoryBudget {
  return budgetOf(resolveServer(server));
}

/** The sums behind a budget. */
function room(server: ResolvedServer) {
  const { model, gpu, scheduler, tensorParallel: t, dataParallel } = server;
  const course = server.parameters["form"] === "course";
  const gpus = t * server.pipelineParallel * dataParallel;
  const total = gpus * (course ? gpu.memory : (gpu.visibleMemory ?? gpu.memory));
  const usable = total * scheduler.gpuMemoryUtilization;
  const weights = course ? model.parameters * formats[server.weights].weight : storedBytes(server);
  const activations = course ? 0 : gpus * activationBytes(server);
  const runtime = gpus * (course ? (server.parameters["runtimeBytes"] as Parameter).value : runtimeBytes);
  const kv = usable - weights - activations - runtime;
  const copies = copiesOf(server);
  const bytes = formats[server.kv].cache;
  const groups = kvGroups(server);
  const perToken = groups ? groups.layers * rowBytes(model.attention[0]!, bytes) : tokenBytes(model, 0, bytes);
  const perBlock = perToken * copies * scheduler.blockSize;
  const blocks = scheduler.numGpuBlocks ?? (perBlock > 0 ? Math.max(0, Math.floor(kv / perBlock)) : 0);
  const fits = kv > 0 && blocks > 0;
  return { total, usable, weights, activations, runtime, kv, copies, perBlock, blocks, groups, fits };
}

export function budgetOf(server: ResolvedServer): MemoryBudget {
  const { model, scheduler, dataParallel } = server;
  const { total, usable, weights, activations, runtime, kv, copies, perBlock, blocks, groups, fits } = room(server);
  const perSequence = (context: number): number => {
    if (!above(context, 0) || context > MOST_TOKENS)
      throw new InputError("context", context, `a number of tokens > 0, at most ${MOST_TOKENS}`);
    if (groups) return heldBlocks(groups, context) * perBlock;
    const rounded = Math.ceil(context / scheduler.blockSize) * scheduler.blockSize;
    return sequenceBytes(model, rounded, formats[server.kv].cache) * copies;
  };
  const shortBy = fits ? 0 : Math.max(0, -kv) + perBlock;
  return {
    gpus: server.tensorParallel * server.pipelineParallel * dataParallel,
    total,
    usable,
    weights,
    activations,
    runtime,
    kv: Math.max(0, kv),
    blocks,
    cacheTokens: Math.floor(blocks / (groups?.windows.length ?? 1)) * scheduler.blockSize,
    fits,
    shortBy,
    ...(!fits && { reason: reasonOf(server, weights, usable, shortBy) }),
    sequenceBytes: perSequence,
    maxSequences(context) {
      if (groups) {
        const each = Math.floor(blocks / dataParallel) - 1;
        return dataParallel * Math.min(scheduler.maxNumSeqs, sequencesIn(groups, each, context));
      }
      const room = scheduler.numGpuBlocks === undefined ? Math.max(0, kv) : blocks * perBlock;
      return Math.min(scheduler.maxNumSeqs * dataParallel, Math.floor(room / perSequence(context)));
    },
  };
}

/** Bytes of CUDA context, NCCL buffers and allocator slack per GPU. */
const runtimeBytes = 0.75e9;

function storedBytes(server: ResolvedServer): number {
  const { model, dataParallel, expertParallel } = server;
  const { parts } = model;
  const per = weightBytes(model, server.weights);
  const dense = (parts.attention + parts.dense + parts.shared) * per.dense + (parts.router + parts.norms) * 2;
  const edges = (parts.embedding + (parts.lookup ?? 0)) * per.embedding + parts.head * per.head;
  const copies = expertParallel > 1 ? 1 : dataParallel;
  return (dense + edges) * dataParallel + parts.experts * per.experts * copies;
}

/** The profiling step holds gate and up projections, a few hidden states, and the logits of every sequence in fp32. */
function activationBytes(server: ResolvedServer): number {
  const { model, scheduler, tensorParallel: t } = server;
  const tokens = Math.min(scheduler.maxNumBatchedTokens, 16384);
  const hidden = 2 * tokens * (4 * model.hidden + (2 * model.ffnWidth) / t);
  const logits = (8 * Math.min(scheduler.maxNumSeqs, 256) * model.vocab) / t;
  return hidden + logits;
}

/** How often one token's KV is stored over the GPUs of a tensor-parallel group. */
function copiesOf(server: ResolvedServer): number {
  let stored = 0;
  let distinct = 0;
  for (const group of server.model.attention) {
    if (group.kvElements === 0) continue;
    const size = group.layers * group.kvElements;
    distinct += size;
    stored += (size * server.tensorParallel) / Math.min(server.tensorParallel, group.kvHeads);
  }
  return distinct > 0 ? stored / distinct : 1;
}

/** What went wrong, and what the engine would then take: each piece of advice is tried before it is given. */
function reasonOf(server: ResolvedServer, weights: number, usable: number, shortBy: number): string {
  const gb = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const advice = [...moreGpus(server), ...smallerWeights(server), ...moreMemory(server)];
  const help =
    advice.length > 0
      ? `What would help: ${advice.join(", or ")}.`
      : "No option of this server makes it fit: take a smaller model or a larger GPU.";
  return `weights take ${gb(weights)} of ${gb(usable)}; ${gb(shortBy)} short. ${help}`;
}

/** The fewest GPUs, as tensor or pipeline parallelism allow them. */
function moreGpus(server: ResolvedServer): string[] {
  const { tensorParallel, pipelineParallel, dataParallel, model } = server;
  const gpusOf = (t: number, p: number) =>
    `${t * p * dataParallel} GPUs instead of ${tensorParallel * pipelineParallel * dataParallel}`;
  const heads = model.attention.find((group) => group.kind !== "linear")?.heads ?? 1;
  for (let t = tensorParallel + 1; t <= Math.min(heads, 1024); t++)
    if (heads % t === 0 && fitsWith({ ...server, tensorParallel: t }))
      return [`${gpusOf(t, pipelineParallel)} (tensorParallel: ${t})`];
  const widest = Array.from({ length: 8 }, (_, k) => 8 - k).find((t) => heads % t === 0) ?? 1;
  const t = Math.max(tensorParallel, widest);
  for (let p = server.pipelineParallel + 1; p <= Math.min(model.layers, 64); p++)
    if (fitsWith({ ...server, tensorParallel: t, pipelineParallel: p }))
      return [`${gpusOf(t, p)} (tensorParallel: ${t} with pipelineParallel: ${p})`];
  return [];
}

/** The widest format below this one that makes it fit, has hardware behind it and belongs to weights. */
function smallerWeights(server: ResolvedServer): string[] {
  const now = formats[server.weights].weight;
  const found = (["fp8", "w8a16", "nvfp4", "w4a16"] as const).find(
    (weights) =>
      formats[weights].weight < now && (server.gpu.peakFlops[weights] ?? 0) > 0 && fitsWith({ ...server, weights }),
  );
  return found ? [`weights: "${found}"`] : [];
}

function moreMemory(server: ResolvedServer): string[] {
  const { scheduler } = server;
  const most = 0.95;
  if (scheduler.gpuMemoryUtilization >= most) return [];
  const more = { ...server, scheduler: { ...scheduler, gpuMemoryUtilization: most } };
  return fitsWith(more) ? [`scheduler: { gpuMemoryUtilization: ${most} }`] : [];
}

function fitsWith(server: ResolvedServer): boolean {
  return room(server).fits;
}
