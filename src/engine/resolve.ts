/** Fills in a Server's defaults and checks every field. */
import { gpu as findGpu } from "./catalog/gpu.ts";
import { formats } from "./catalog/dtypes.ts";
import { model as findModel } from "./catalog/model.ts";
import type { Dtype, Gpu, Model } from "./catalog/types.ts";
import { InputError } from "./errors.ts";
import { nearest, suchAs } from "./nearest.ts";
import { checkNames, checkOptions, optionsNamed, optionsOf } from "./options.ts";
import type { ResolvedServer, SchedulerOptions, Server, SpeculationOptions } from "./server.ts";
import { rulesOf, type SchedulerRules } from "./simulate/rules.ts";
import { defaultEngine, engineGeneration, requireEngine } from "./step/engines.ts";
import { parameters } from "./step/parameters.ts";
import { parameterOf, type RooflineParameters } from "./step/roofline.ts";
import type { StepParameters } from "./step/types.ts";

const GiB = 2 ** 30;
/** Tokens, sequences, blocks and GPUs: beyond it sums of bytes are no longer whole. */
const MOST = 1e9;
/** And replicas: each is an engine of its own in the simulator. */
const MOST_GPUS = 10_000;
/** Bytes, FLOP/s and seconds: within these, products and quotients are numbers. */
const MOST_OF_ANYTHING = 1e21;
const LEAST = 1e-9;

const serverOptions = optionsOf<Server>({
  model: "anything",
  gpu: "anything",
  tensorParallel: "a number",
  pipelineParallel: "a number",
  dataParallel: "a number",
  expertParallel: "a number",
  replicas: "a number",
  routing: "anything",
  weights: "anything",
  kv: "anything",
  scheduler: "anything",
  batching: "anything",
  kvAllocator: "anything",
  speculation: "anything",
  disaggregated: "anything",
  network: "anything",
  pauses: "anything",
  engine: "anything",
  version: "anything",
  parameters: "anything",
});
const schedulerOptions = optionsOf<SchedulerOptions>({
  maxNumSeqs: "a number",
  maxNumBatchedTokens: "a number",
  blockSize: "a number",
  gpuMemoryUtilization: "a number",
  numGpuBlocks: "a number",
  maxModelLen: "a number",
  enablePrefixCaching: "anything",
  enableChunkedPrefill: "anything",
  longPrefillTokenThreshold: "a number",
  longPrefillTokenThresholdAdaptive: "anything",
  asyncScheduling: "anything",
  schedulerReserveFullIsl: "anything",
  watermark: "a number",
  maxNumActiveSeqs: "a number",
  maxNumScheduledTokens: "a number",
  prefillScheduleInterval: "a number",
  policy: "anything",
  maxWaiting: "a number",
  timeout: "a number",
});
const speculationOptions = optionsOf<SpeculationOptions>({
  acceptance: "a number",
  draftTokens: "a number",
  draftCost: "a number",
  method: "anything",
});
const disaggregatedOptions = optionsNamed({ numbers: ["prefillGpus", "decodeGpus", "linkBytesPerSecond"] });
const networkOptions = optionsNamed({ numbers: ["rtt"] });
const pausesOptions = optionsNamed({ numbers: ["every", "length"] });
const routingOptions = optionsNamed({ numbers: ["loadBound"], others: ["affinity"] });
const allocatorOptions = optionsNamed({ numbers: ["reserve"] });

/**
 * Checks every field of a Server, without running anything on it: what a lab.yaml or a form holds. Throws InputError that names the
 * field, its value and what would be allowed, or the name meant by an unknown one.
 */
export function validateServer(server: unknown): asserts server is Server {
  resolveServer(server as Server);
}

/**
 * A Server with vLLM's defaults (vllm/config/scheduler.py and cache.py; per-GPU limits from vllm/engine/arg_utils.py) and
 * the catalogue's entries in place of ids. Formats that a checkpoint's config declares are the default for weights and KV. Throws
 * InputError that names the field, its value and what would be allowed, or the name meant by an unknown one.
 */
export function resolveServer(server: Server): ResolvedServer {
  if (typeof server !== "object" || server === null || Array.isArray(server))
    throw new InputError("server", server, 'an object such as { model: "llama-3.1-8b", gpu: "h100-sxm-80" }');
  checkNames("server", server, serverOptions, { "server.scheduler": schedulerOptions });
  const model = checkedModel(findModel(server.model));
  const gpu = checkedGpu(findGpu(server.gpu));
  const parallel = checkedParallel(server, model);
  const generation = requireEngine(server.engine ?? defaultEngine);
  const rules = server.version === undefined ? usualRules(generation) : rulesOf(generation, server.version);
  const parameters = checkedParameters(server.parameters ?? "fitted");
  const speculation = server.speculation === undefined ? undefined : checkedSpeculation(server.speculation);
  const weights = checkedDtype("weights", server.weights ?? model.weights ?? "bf16");
  const kv = checkedDtype("kv", server.kv ?? model.kv ?? "bf16");
  if (!(gpu.peakFlops[weights]! > 0))
    throw new InputError(
      "gpu",
      gpu.id,
      `one whose peak for ${weights} is known; the catalogue has no figure for this one`,
    );
  const engine = server.version === undefined ? generation : (engineGeneration("vllm", server.version) as string);
  const resolved: ResolvedServer = {
    model,
    gpu,
    ...parallel,
    replicas: atLeastOne("replicas", server.replicas ?? 1, MOST_GPUS),
    routing: checkedRouting(server.routing),
    weights,
    kv,
    scheduler: checkedScheduler(server.scheduler ?? {}, gpu, model, rules, plansAhead(rules, parameters, speculation)),
    batching: oneOf("batching", server.batching ?? "continuous", ["continuous", "prefillFirst", "static"]),
    kvAllocator: checkedAllocator(server.kvAllocator),
    ...(speculation && { speculation }),
    ...(server.disaggregated !== undefined && { disaggregated: checkedDisaggregation(server.disaggregated) }),
    rtt: checkedRtt(server.network),
    ingress: ingressOf(parameters, engine),
    ...(server.pauses !== undefined && { pauses: checkedPauses(server.pauses) }),
    engine,
    rules,
    parameters,
  };
  return resolved;
}

/** Rules of generations, worked out once: most servers name no version, and an estimate takes some microseconds in all. */
const usual = new Map<string, SchedulerRules>();

function usualRules(generation: string): SchedulerRules {
  let rules = usual.get(generation);
  if (!rules) usual.set(generation, (rules = rulesOf(generation, undefined)));
  return rules;
}

function checkedModel(model: Model): Model {
  for (const field of ["parameters", "activeParameters", "layers", "hidden", "vocab", "maxContext"] as const)
    positive(`model.${field}`, model[field]);
  if (!Array.isArray(model.attention) || model.attention.length === 0)
    throw new InputError("model.attention", model.attention, "a list of at least one group; build models with model()");
  return model;
}

function checkedGpu(gpu: Gpu): Gpu {
  positive("gpu.memory", gpu.memory);
  positive("gpu.hbmBandwidth", gpu.hbmBandwidth);
  if (typeof gpu.peakFlops !== "object" || gpu.peakFlops === null)
    throw new InputError("gpu.peakFlops", gpu.peakFlops, "dense FLOP/s by dtype");
  return gpu;
}

function checkedParallel(server: Server, model: Model) {
  const tensorParallel = atLeastOne("tensorParallel", server.tensorParallel ?? 1, MOST_GPUS);
  const pipelineParallel = atLeastOne("pipelineParallel", server.pipelineParallel ?? 1, MOST_GPUS);
  const dataParallel = atLeastOne("dataParallel", server.dataParallel ?? 1, MOST_GPUS);
  const expertParallel = atLeastOne("expertParallel", server.expertParallel ?? 1, MOST_GPUS);
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
  checkOptions("server.scheduler", given, schedulerOptions, { server: serverOptions });
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
    checkNames("server.routing", routing, routingOptions);
    return { affinity: "prefix", loadBound: within("routing.loadBound", routing.loadBound, 1, MOST) };
  }
  return oneOf<"round-robin" | "least-loaded">("routing", routing as "round-robin", ["round-robin", "least-loaded"]);
}

function checkedAllocator(allocator: Server["kvAllocator"]): ResolvedServer["kvAllocator"] {
  if (allocator === undefined) return "paged";
  if (typeof allocator === "object" && allocator !== null) {
    checkNames("server.kvAllocator", allocator, allocatorOptions);
    return { reserve: atLeastOne("kvAllocator.reserve", allocator.reserve) };
  }
  return oneOf<"paged" | "powerOfTwo">("kvAllocator", allocator, ["paged", "powerOfTwo"]);
}

function checkedSpeculation(s: SpeculationOptions): Required<SpeculationOptions> {
  checkOptions("server.speculation", s, speculationOptions);
  return {
    method: oneOf("speculation.method", s.method ?? "draftModel", ["draftModel", "eagle", "mtp", "ngram"]),
    acceptance: within("speculation.acceptance", s.acceptance, 0, 1),
    draftTokens: atLeastOne("speculation.draftTokens", s.draftTokens),
    draftCost: within("speculation.draftCost", s.draftCost, 0, 10),
  };
}

function checkedDisaggregation(d: NonNullable<Server["disaggregated"]>): NonNullable<Server["disaggregated"]> {
  checkOptions("server.disaggregated", d, disaggregatedOptions);
  return {
    prefillGpus: atLeastOne("disaggregated.prefillGpus", d.prefillGpus, MOST_GPUS),
    decodeGpus: atLeastOne("disaggregated.decodeGpus", d.decodeGpus, MOST_GPUS),
    linkBytesPerSecond: positive("disaggregated.linkBytesPerSecond", d.linkBytesPerSecond),
  };
}

function checkedRtt(network: Server["network"]): number {
  if (network === undefined) return 0;
  checkOptions("server.network", network, networkOptions);
  return within("network.rtt", network.rtt ?? 0, 0, 60);
}

function checkedPauses(p: NonNullable<Server["pauses"]>): NonNullable<Server["pauses"]> {
  checkOptions("server.pauses", p, pausesOptions);
  return { every: positive("pauses.every", p.every), length: within("pauses.length", p.length, 0, p.every) };
}

function checkedParameters(given: string | StepParameters): StepParameters {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given;
  if (typeof given === "string" && Object.hasOwn(parameters, given))
    return parameters[given as keyof typeof parameters] as StepParameters;
  const names = Object.keys(parameters);
  const near = typeof given === "string" ? nearest(given, names) : [];
  throw new InputError("parameters", given, suchAs("a named set", near.length > 0 ? near : names));
}

/** The course's frozen sets know no front end. */
function ingressOf(parameters: StepParameters, engine: string): number {
  return parameters.form === "roofline" ? parameterOf(parameters as RooflineParameters, "ingress", engine) : 0;
}

const dtypes = Object.keys(formats) as Dtype[];

function checkedDtype(field: string, value: Dtype): Dtype {
  return oneOf(field, value, dtypes);
}

function oneOf<T extends string>(field: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value;
  const near = typeof value === "string" ? nearest(value, allowed, 1) : [];
  const meant = near.length > 0 ? `; did you mean ${near[0]}?` : "";
  throw new InputError(field, value, `one of ${allowed.join(", ")}${meant}`);
}

function bool(field: string, value: boolean): boolean {
  if (typeof value !== "boolean") throw new InputError(field, value, "true or false");
  return value;
}

function whole(field: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > MOST)
    throw new InputError(field, value, `a whole number ≥ 0, at most ${MOST}`);
  return value;
}

function atLeastOne(field: string, value: number, most = MOST): number {
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new InputError(field, value, `a whole number ≥ 1, at most ${most}`);
  return value;
}

function positive(field: string, value: number): number {
  if (typeof value !== "number" || !(value >= LEAST && value <= MOST_OF_ANYTHING))
    throw new InputError(field, value, "a number > 0");
  return value;
}

function within(field: string, value: number, low: number, high: number): number {
  if (typeof value !== "number" || !(value >= low && value <= high))
    throw new InputError(field, value, `a number from ${low} to ${high}`);
  return value;
}
