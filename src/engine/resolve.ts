/** Fills in a Server's defaults and checks every field. */
import { gpu as findGpu } from "./catalog/gpu.ts";
import { formats } from "./catalog/dtypes.ts";
import { model as findModel } from "./catalog/model.ts";
import { nearest } from "./catalog/nearest.ts";
import type { Dtype, Gpu, Model } from "./catalog/types.ts";
import { InputError } from "./errors.ts";
import type { ResolvedServer, SchedulerOptions, Server } from "./server.ts";
import { defaultEngine, requireEngine } from "./step/engines.ts";
import { parameters } from "./step/parameters.ts";
import type { StepParameters } from "./step/types.ts";

/**
 * A Server with vLLM's defaults (vllm/config/scheduler.py and cache.py; per-GPU limits from vllm/engine/arg_utils.py) and
 * the catalogue's entries in place of ids. Throws InputError that names the field, its value and what would be allowed.
 */
export function resolveServer(server: Server): ResolvedServer {
  if (typeof server !== "object" || server === null) throw new InputError("server", server, "an object");
  const model = typeof server.model === "string" ? findModel(server.model) : checkedModel(server.model);
  const gpu = typeof server.gpu === "string" ? findGpu(server.gpu) : checkedGpu(server.gpu);
  const parallel = checkedParallel(server, model);
  const weights = checkedDtype("weights", server.weights ?? "bf16");
  const kv = checkedDtype("kv", server.kv ?? "bf16");
  if (!(gpu.peakFlops[weights]! > 0))
    throw new InputError(
      "gpu",
      gpu.id,
      `one whose peak for ${weights} is known; the catalogue has no figure for this one`,
    );
  const resolved: ResolvedServer = {
    model,
    gpu,
    ...parallel,
    replicas: atLeastOne("replicas", server.replicas ?? 1),
    routing: checkedRouting(server.routing),
    weights,
    kv,
    scheduler: checkedScheduler(server.scheduler ?? {}, gpu, model),
    batching: oneOf("batching", server.batching ?? "continuous", ["continuous", "prefillFirst", "static"]),
    kvAllocator: checkedAllocator(server.kvAllocator),
    ...(server.speculation && { speculation: checkedSpeculation(server.speculation) }),
    ...(server.disaggregated && { disaggregated: checkedDisaggregation(server.disaggregated) }),
    rtt: within("network.rtt", server.network?.rtt ?? 0, 0, 60),
    ...(server.pauses && { pauses: checkedPauses(server.pauses) }),
    engine: requireEngine(server.engine ?? defaultEngine),
    parameters: checkedParameters(server.parameters ?? "fitted"),
  };
  return resolved;
}

function checkedModel(model: Model): Model {
  if (typeof model !== "object" || model === null) throw new InputError("model", model, "an id or a Model");
  for (const field of ["parameters", "activeParameters", "layers", "hidden", "vocab", "maxContext"] as const)
    positive(`model.${field}`, model[field]);
  if (!Array.isArray(model.attention) || model.attention.length === 0)
    throw new InputError("model.attention", model.attention, "a list of at least one group; build models with model()");
  return model;
}

function checkedGpu(gpu: Gpu): Gpu {
  if (typeof gpu !== "object" || gpu === null) throw new InputError("gpu", gpu, "an id or a Gpu");
  positive("gpu.memory", gpu.memory);
  positive("gpu.hbmBandwidth", gpu.hbmBandwidth);
  if (typeof gpu.peakFlops !== "object" || gpu.peakFlops === null)
    throw new InputError("gpu.peakFlops", gpu.peakFlops, "dense FLOP/s by dtype");
  return gpu;
}

function checkedParallel(server: Server, model: Model) {
  const tensorParallel = atLeastOne("tensorParallel", server.tensorParallel ?? 1);
  const pipelineParallel = atLeastOne("pipelineParallel", server.pipelineParallel ?? 1);
  const dataParallel = atLeastOne("dataParallel", server.dataParallel ?? 1);
  const expertParallel = atLeastOne("expertParallel", server.expertParallel ?? 1);
  const heads = model.attention.find((group) => group.kind !== "linear")?.heads ?? 1;
  if (heads % tensorParallel !== 0)
    throw new InputError("tensorParallel", tensorParallel, `a divisor of the model's ${heads} attention heads`);
  if (pipelineParallel > model.layers)
    throw new InputError("pipelineParallel", pipelineParallel, `at most the model's ${model.layers} layers`);
  if (expertParallel > 1 && !model.experts)
    throw new InputError("expertParallel", expertParallel, "1 for a model without experts");
  if (model.experts && expertParallel > model.experts.count)
    throw new InputError("expertParallel", expertParallel, `at most the model's ${model.experts.count} experts`);
  return { tensorParallel, pipelineParallel, dataParallel, expertParallel };
}

/** vLLM's server defaults: large batches on GPUs of 70 GiB and more other than the A100, small ones elsewhere. */
function checkedScheduler(given: Partial<SchedulerOptions>, gpu: Gpu, model: Model): SchedulerOptions {
  const large = gpu.memory >= 70e9 && !gpu.id.startsWith("a100") && !gpu.id.startsWith("a800");
  const options: SchedulerOptions = {
    maxNumSeqs: atLeastOne("scheduler.maxNumSeqs", given.maxNumSeqs ?? (large ? 1024 : 256)),
    maxNumBatchedTokens: atLeastOne(
      "scheduler.maxNumBatchedTokens",
      given.maxNumBatchedTokens ?? (large ? 8192 : 2048),
    ),
    blockSize: atLeastOne("scheduler.blockSize", given.blockSize ?? 16),
    gpuMemoryUtilization: within("scheduler.gpuMemoryUtilization", given.gpuMemoryUtilization ?? 0.92, 0.01, 1),
    enablePrefixCaching: bool("scheduler.enablePrefixCaching", given.enablePrefixCaching ?? true),
    enableChunkedPrefill: bool("scheduler.enableChunkedPrefill", given.enableChunkedPrefill ?? true),
    longPrefillTokenThreshold: whole("scheduler.longPrefillTokenThreshold", given.longPrefillTokenThreshold ?? 0),
    policy: oneOf("scheduler.policy", given.policy ?? "fcfs", ["fcfs", "priority"]),
    maxModelLen: atLeastOne("scheduler.maxModelLen", given.maxModelLen ?? model.maxContext),
    ...(given.numGpuBlocks !== undefined && { numGpuBlocks: atLeastOne("scheduler.numGpuBlocks", given.numGpuBlocks) }),
    ...(given.maxWaiting !== undefined && { maxWaiting: whole("scheduler.maxWaiting", given.maxWaiting) }),
    ...(given.timeout !== undefined && { timeout: positive("scheduler.timeout", given.timeout) }),
  };
  if (options.maxModelLen! > model.maxContext)
    throw new InputError(
      "scheduler.maxModelLen",
      options.maxModelLen,
      `at most the model's ${model.maxContext} tokens`,
    );
  return options;
}

function checkedRouting(routing: Server["routing"]): ResolvedServer["routing"] {
  if (routing === undefined) return "round-robin";
  if (typeof routing === "object" && routing !== null && routing.affinity === "prefix") {
    if (!(routing.loadBound >= 1)) throw new InputError("routing.loadBound", routing.loadBound, "a number ≥ 1");
    return routing;
  }
  return oneOf<"round-robin" | "least-loaded">("routing", routing as "round-robin", ["round-robin", "least-loaded"]);
}

function checkedAllocator(allocator: Server["kvAllocator"]): ResolvedServer["kvAllocator"] {
  if (allocator === undefined) return "paged";
  if (typeof allocator === "object" && allocator !== null)
    return { reserve: atLeastOne("kvAllocator.reserve", allocator.reserve) };
  return oneOf<"paged" | "powerOfTwo">("kvAllocator", allocator, ["paged", "powerOfTwo"]);
}

function checkedSpeculation(s: NonNullable<Server["speculation"]>): NonNullable<Server["speculation"]> {
  return {
    acceptance: within("speculation.acceptance", s.acceptance, 0, 1),
    draftTokens: atLeastOne("speculation.draftTokens", s.draftTokens),
    draftCost: within("speculation.draftCost", s.draftCost, 0, 10),
  };
}

function checkedDisaggregation(d: NonNullable<Server["disaggregated"]>): NonNullable<Server["disaggregated"]> {
  return {
    prefillGpus: atLeastOne("disaggregated.prefillGpus", d.prefillGpus),
    decodeGpus: atLeastOne("disaggregated.decodeGpus", d.decodeGpus),
    linkBytesPerSecond: positive("disaggregated.linkBytesPerSecond", d.linkBytesPerSecond),
  };
}

function checkedPauses(p: NonNullable<Server["pauses"]>): NonNullable<Server["pauses"]> {
  return { every: positive("pauses.every", p.every), length: within("pauses.length", p.length, 0, p.every) };
}

function checkedParameters(given: string | StepParameters): StepParameters {
  if (typeof given === "object" && given !== null) return given;
  const found = (parameters as Readonly<Record<string, StepParameters>>)[given];
  if (!found) {
    const near = nearest(String(given), Object.keys(parameters));
    throw new InputError("parameters", given, `a named set, such as ${near.join(", ")}`);
  }
  return found;
}

function checkedDtype(field: string, value: Dtype): Dtype {
  return oneOf(field, value, Object.keys(formats) as Dtype[]);
}

function oneOf<T extends string>(field: string, value: T, allowed: readonly T[]): T {
  if (!allowed.includes(value)) throw new InputError(field, value, `one of ${allowed.join(", ")}`);
  return value;
}

function bool(field: string, value: boolean): boolean {
  if (typeof value !== "boolean") throw new InputError(field, value, "true or false");
  return value;
}

function whole(field: string, value: number): number {
  if (!Number.isInteger(value) || value < 0) throw new InputError(field, value, "a whole number ≥ 0");
  return value;
}

function atLeastOne(field: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) throw new InputError(field, value, "a whole number ≥ 1");
  return value;
}

function positive(field: string, value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) throw new InputError(field, value, "a number > 0");
  return value;
}

function within(field: string, value: number, low: number, high: number): number {
  if (!(value >= low && value <= high)) throw new InputError(field, value, `a number from ${low} to ${high}`);
  return value;
}
