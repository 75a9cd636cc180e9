/** Where the memory of a server's GPUs goes, and how many sequences the rest holds. */
import { formats, weightBytes } from "../catalog/dtypes.ts";
import type { Dtype, Model } from "../catalog/types.ts";
import { InputError } from "../errors.ts";
import { resolveServer } from "../resolve.ts";
import type { ResolvedServer, Server } from "../server.ts";
import type { Parameter } from "../step/types.ts";
import type { MemoryBudget } from "./types.ts";

/**
 * Bytes of KV cache that one more token takes while no attention window is full: Σ layers × cached numbers × bytes.
 * (2 · layers · KV heads · head size · bytes for grouped attention; latent + rope numbers for MLA, DeepSeek-V2 §2.1.)
 */
export function kvBytesPerToken(model: Model, kv: Dtype = "bf16"): number {
  const bytes = cacheBytes(kv);
  return model.attention.reduce((sum, group) => sum + group.layers * elementsPerToken(group) * bytes, 0);
}

/**
 * Bytes of KV cache of one sequence at a context: windowed layers stop growing at their window, recurrent layers keep
 * a state of fixed size (in fp32). Throws InputError on a negative context or one over the model's limit.
 */
export function kvBytes(model: Model, context: number, kv: Dtype = "bf16"): number {
  if (!(context >= 0 && context <= model.maxContext))
    throw new InputError("context", context, `from 0 to the model's limit of ${model.maxContext} tokens`);
  return sequenceBytes(model, context, cacheBytes(kv));
}

function sequenceBytes(model: Model, context: number, bytes: number): number {
  let total = 0;
  for (const group of model.attention) {
    const seen = group.window === undefined ? context : Math.min(context, group.window);
    total += group.layers * (seen * elementsPerToken(group) * bytes + (group.stateElements ?? 0) * 2);
  }
  return total;
}

function elementsPerToken(group: Model["attention"][number]): number {
  return group.kvElements + (group.indexElements ?? 0) / 2;
}

function cacheBytes(kv: Dtype): number {
  const format = formats[kv];
  if (!format) throw new InputError("kv", kv, `one of ${Object.keys(formats).join(", ")}`);
  return format.cache;
}

/**
 * vLLM's accounting (vllm/v1/worker/gpu_worker.py): of the visible memory times `gpuMemoryUtilization`, what weights, the
 * largest activations of a profiling step, and the CUDA context leave is cut into blocks. Bytes, summed over the GPUs of
 * one replica. KV heads are copied when there are fewer than tensor-parallel GPUs; MLA's latent is copied to each.
 */
export function memoryBudget(server: Server): MemoryBudget {
  return budgetOf(resolveServer(server));
}

export function budgetOf(server: ResolvedServer): MemoryBudget {
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
  const perToken = kvBytesPerToken(model, server.kv) * copies;
  const perBlock = perToken * scheduler.blockSize;
  const blocks = scheduler.numGpuBlocks ?? (perBlock > 0 ? Math.max(0, Math.floor(kv / perBlock)) : 0);
  const fits = kv > 0 && blocks > 0;
  const perSequence = (context: number): number => {
    if (!(context > 0)) throw new InputError("context", context, "a number of tokens > 0");
    const rounded = Math.ceil(context / scheduler.blockSize) * scheduler.blockSize;
    return sequenceBytes(model, rounded, formats[server.kv].cache) * copies;
  };
  const shortBy = fits ? 0 : Math.max(0, -kv) + perBlock;
  return {
    total,
    usable,
    weights,
    activations,
    runtime,
    kv: Math.max(0, kv),
    blocks,
    fits,
    shortBy,
    ...(!fits && { reason: reasonOf(server, weights, usable, shortBy) }),
    sequenceBytes: perSequence,
    maxSequences(context) {
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
  const edges = parts.embedding * per.embedding + parts.head * per.head;
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

function reasonOf(server: ResolvedServer, weights: number, usable: number, shortBy: number): string {
  const gb = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const gpus = server.tensorParallel * server.pipelineParallel * server.dataParallel;
  const perGpu = usable / gpus;
  const needed = Math.ceil((usable + shortBy) / perGpu);
  const smaller = Object.keys(formats).find(
    (dtype) => formats[dtype as Dtype].weight <= formats[server.weights].weight / 2,
  );
  const advice = [`${needed} GPUs instead of ${gpus}`];
  if (smaller) advice.push(`weights in ${smaller}`);
  if (server.scheduler.gpuMemoryUtilization < 0.95) advice.push("a higher gpuMemoryUtilization");
  return `weights take ${gb(weights)} of ${gb(usable)}; ${gb(shortBy)} short. What would help: ${advice.join(", or ")}.`;
}
