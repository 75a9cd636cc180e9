/** Fills in a Server's defaults and checks every field. */
import { gpu as findGpu } from "./catalog/gpu.ts";
import { formats } from "./catalog/dtypes.ts";
import { model as findModel } from "./catalog/model.ts";
import { nearest } from "./catalog/nearest.ts";
import type { Dtype, Gpu, Model } from "./catalog/types.ts";
import { InputError } from "./errors.ts";
import type { ResolvedServer, SchedulerOptions, Server, SpeculationOptions } from "./server.ts";
import { rulesOf, type SchedulerRules } from "./simulate/rules.ts";
import { defaultEngine, engineGeneration, requireEngine } from "./step/engines.ts";
import { parameters } from "./step/parameters.ts";
import type { StepParameters } from "./step/types.ts";

const GiB = 2 ** 30;

/**
 * A Server with vLLM's defaults (vllm/config/scheduler.py and cache.py; per-GPU limits from vllm/engine/arg_utils.py) and
 * the catalogue's entries in place of ids. Throws InputError that names the field, its value and what would be allowed.
 */
export function resolveServer(server: Server): ResolvedServer {
  if (typeof server !== "object" || server === null) throw new InputError("server", server, "an object");
  const model = typeof server.model === "string" ? findModel(server.model) : checkedModel(server.model);
  const gpu = typeof server.gpu === "string" ? findGpu(server.gpu) : checkedGpu(server.gpu);
  const parallel = checkedParallel(server, model);
  const generation = requireEngine(server.engine ?? defaultEngine);
  const rules = rulesOf(generation, server.version);
  const parameters = checkedParameters(server.parameters ?? "fitted");
  const speculation = server.speculation && checkedSpeculation(server.speculation);
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
    scheduler: checkedScheduler(server.scheduler ?? {}, gpu, model, rules, plansAhead(rules, parameters, speculation)),
    batching: oneOf("batching", server.batching ?? "continuous", ["continuous", "prefillFirst", "static"]),
    kvAllocator: checkedAllocator(server.kvAllocator),
    ...(speculation && { speculation }),
    ...(server.disaggregated && { disaggregated: checkedDisaggregation(server.disaggregated) }),
    rtt: within("network.rtt", server.network?.rtt ?? 0, 0, 60),
    ...(server.pauses && { pauses: checkedPauses(server.pauses) }),
    engine: server.version === undefined ? generation : (engineGeneration("vllm", server.version) as string),
    rules,
    parameters,
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

/** Whether the next step is planned ahead where nobody says: the course's frozen sets price one step after another. */
function plansAhead(
  rules: SchedulerRules,
  parameters: StepParameters,
  speculation: ResolvedServer["speculation"],
): boolean {
  return rules.asyncScheduling && parameters.form !== "course" && speculation?.method !== "ngram";
}

/**
 * vLLM's API server defaults (EngineArgs.get_batch_defaults): large batches on GPUs of 70 GiB and more whose name lacks "a100",
 * larger ones from 160 GiB up, small ones elsewhere.
 */
function batchDefaults(gpu: Gpu, rules: SchedulerRules): { readonly tokens: number; readonly seqs: number } {
  const memory = (gpu.visibleMemory ?? gpu.memory) / GiB;
  if (memory < 70 || gpu.id.startsWith("a100") || (rules.smallGb10 && gpu.id === "gb10")) {
    return { tokens: 2048, seqs: 256 };
  }
  return { tokens: rules.largeBudget && memory >= 160 ? 16384 : 8192, seqs: 1024 };
}

function checkedScheduler(
  given: Partial<SchedulerOptions>,
  gpu: Gpu,
  model: Model,
  rules: SchedulerRules,
  ahead: boolean,
): SchedulerOptions {
  const defaults = batchDefaults(gpu, rules);
  const maxModelLen = atLeastOne("scheduler.maxModelLen", given.maxModelLen ?? model.maxContext);
  const chunked = bool("scheduler.enableChunkedPrefill", given.enableChunkedPrefill ?? true);
  // Without chunks a step must hold the longest prompt.
  const usualTokens = chunked ? defaults.tokens : Math.max(defaults.tokens, maxModelLen);
  const tokens = atLeastOne("scheduler.maxNumBatchedTokens", given.maxNumBatchedTokens ?? usualTokens);
  const options: SchedulerOptions = {
    maxNumSeqs: atLeastOne("scheduler.maxNumSeqs", given.maxNumSeqs ?? Math.min(defaults.seqs, tokens)),
    maxNumBatchedTokens: tokens,
    blockSize: atLeastOne("scheduler.blockSize", given.blockSize ?? 16),
    gpuMemoryUtilization: within(
      "scheduler.gpuMemoryUtilization",
      given.gpuMemoryUtilization ?? rules.gpuMemoryUtilization,
      0.01,
      1,
    ),
    enablePrefixCaching: bool("scheduler.enablePrefixCaching", given.enablePrefixCaching ?? true),
    enableChunkedPrefill: chunked,
    longPrefillTokenThreshold: whole("scheduler.longPrefillTokenThreshold", given.longPrefillTokenThreshold ?? 0),
    longPrefillTokenThresholdAdaptive: bool(
      "scheduler.longPrefillTokenThresholdAdaptive",
      given.longPrefillTokenThresholdAdaptive ?? false,
    ),
    policy: oneOf("scheduler.policy", given.policy ?? "fcfs", ["fcfs", "priority"]),
    asyncScheduling: bool("scheduler.asyncScheduling", given.asyncScheduling ?? ahead),
    schedulerReserveFullIsl: bool(
      "scheduler.schedulerReserveFullIsl",
      given.schedulerReserveFullIsl ?? rules.reservesFullText,
    ),
    watermark: within("scheduler.watermark", given.watermark ?? 0, 0, 0.99),
    prefillScheduleInterval: atLeastOne("scheduler.prefillScheduleInterval", given.prefillScheduleInterval ?? 1),
    maxModelLen,
    ...(given.maxNumActiveSeqs !== undefined && {
      maxNumActiveSeqs: atLeastOne("scheduler.maxNumActiveSeqs", given.maxNumActiveSeqs),
    }),
    ...(given.maxNumScheduledTokens !== undefined && {
      maxNumScheduledTokens: atLeastOne("scheduler.maxNumScheduledTokens", given.maxNumScheduledTokens),
    }),
    ...(given.numGpuBlocks !== undefined && { numGpuBlocks: atLeastOne("scheduler.numGpuBlocks", given.numGpuBlocks) }),
    ...(given.maxWaiting !== undefined && { maxWaiting: whole("scheduler.maxWaiting", given.maxWaiting) }),
    ...(given.timeout !== undefined && { timeout: positive("scheduler.timeout", given.timeout) }),
  };
  refuseAsVllm(options);
  if (maxModelLen > model.maxContext)
    throw new InputError("scheduler.maxModelLen", maxModelLen, `at most the model's ${model.maxContext} tokens`);
  return options;
}

/** Combinations that vLLM's own check refuses (SchedulerConfig.verify_max_model_len). */
function refuseAsVllm(o: SchedulerOptions): void {
  const most = (
    field: "maxNumSeqs" | "maxNumActiveSeqs" | "maxNumScheduledTokens",
    limit: keyof SchedulerOptions,
  ): void => {
    if ((o[field] ?? 0) > (o[limit] as number))
      throw new InputError(`scheduler.${field}`, o[field], `at most ${limit}, ${String(o[limit])}`);
  };
  most("maxNumSeqs", "maxNumBatchedTokens");
  most("maxNumActiveSeqs", "maxNumSeqs");
  most("maxNumScheduledTokens", "maxNumBatchedTokens");
  if (!o.enableChunkedPrefill && o.maxNumBatchedTokens < (o.maxModelLen as number))
    throw new InputError(
      "scheduler.maxNumBatchedTokens",
      o.maxNumBatchedTokens,
      `at least maxModelLen, ${o.maxModelLen}, when enableChunkedPrefill is false: a step must hold the longest prompt`,
    );
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

function checkedSpeculation(s: SpeculationOptions): Required<SpeculationOptions> {
  return {
    method: oneOf("speculation.method", s.method ?? "draftModel", ["draftModel", "eagle", "mtp", "ngram"]),
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
