/** The part of "perflab" that a lab binds: its target, parameter set, seed, sliders and charts. */
import { DEFAULT_WARMUP } from "../endpoint/allotment.ts";
import { InputError } from "../engine/errors.ts";
import * as engine from "../engine/index.ts";
import type { Estimate, MemoryBudget } from "../engine/estimate/types.ts";
import type { Distribution } from "../engine/metrics/types.ts";
import { checkOptions, optionsOf } from "../engine/options.ts";
import type { Run } from "../engine/run.ts";
import type { Server } from "../engine/server.ts";
import type { SimulateOptions } from "../engine/simulate/types.ts";
import type { IndexOptions, RagStage, VectorIndex, Vectors } from "../engine/retrieval/types.ts";
import type { StepCost } from "../engine/step/types.ts";
import { registerTrace } from "../engine/workload/trace.ts";
import { unpackTrace } from "../engine/workload/traces/decode.ts";
import type { Workload } from "../engine/workload/types.ts";
import { currentLab, insideLab, type LabContext, type TimedBytes } from "./context.ts";
import { composeStream, type StreamShape } from "./simulated-stream.ts";
import { Random } from "../engine/random.ts";

/** Discrete-event simulation of a server under a workload. In a lab, seed and parameter set default to the lab's. */
export function simulate(server: Server, workload: Workload, options?: SimulateOptions): Run {
  const run = engine.simulate(withParameters(server), withSeed(workload), alive("simulating", options));
  keep(run);
  return run;
}

/**
 * An index over vectors. In a lab its progress is shown, and is a sign of life: a build may take longer than the lab's limit.
 * `ivf` and `hnsw` report to `onProgress`, which stops the build by returning false.
 */
export function buildIndex(kind: "flat" | "ivf" | "hnsw", data: Vectors, options: IndexOptions = {}): VectorIndex {
  return engine.buildIndex(kind, data, alive("building the index", options));
}

/**
 * Each request passes the stages in order (those `parallelWith` another start with it, and the slowest counts), then goes to
 * the server with its prompt grown by what they add. In the Run, `scheduled` is when the user asked and `started` when the
 * model was asked: `summarize(run, { from: "scheduled" })` sees the whole pipeline. `stages` has each stage's seconds, then
 * "model" (to its first token) and "total" (from asking to first token), over requests that got an answer. In a lab, seed and
 * parameter set default to the lab's. Throws InputError for stages that don't fit together, or a workload whose arrivals
 * depend on answers.
 */
export function ragPipeline(
  stages: readonly RagStage[],
  server: Server,
  workload: Workload,
): { run: Run; stages: Readonly<Record<string, Distribution>> } {
  const passed = engine.ragPipeline(stages, withParameters(server), withSeed(workload));
  keep(passed.run);
  return passed;
}

/**
 * The recorded requests of a shipped trace as a workload; `catalog.traces` lists the names. A lab gets the data of the traces
 * that lab.yaml declares and of those that its code names: `trace("azure-code-2023")`; code that works a name out where none is
 * declared is given all of them.
 * Throws InputError for an unknown name.
 */
export function trace(name: string): Workload {
  const data = registered.has(name) ? undefined : currentLab()?.traceData(name);
  if (data !== undefined) {
    registered.add(name);
    registerTrace(name, unpackTrace(data));
  }
  return engine.trace(name);
}

const registered = new Set<string>();

/** The options with an `onProgress` that also tells the page. */
function alive<T extends { onProgress?(fraction: number): boolean | void }>(what: string, options?: T): T {
  const lab = currentLab();
  if (lab === null) return options ?? ({} as T);
  return {
    ...(options ?? ({} as T)),
    onProgress: (fraction: number) => {
      lab.progress(Math.round(fraction * 100), 100, what);
      return options?.onProgress?.(fraction);
    },
  };
}

/** TTFT, TPOT, E2E and throughput at a concurrency or at saturation, each with an interval, and the binding limit. */
export function estimate(
  server: Server,
  shape: { prompt: number; output: number; concurrency: number | "max" },
): Estimate {
  return engine.estimate(withParameters(server), shape);
}

/** Where the GPU memory goes and how much KV cache is left, bytes. */
export function memoryBudget(server: Server): MemoryBudget {
  return engine.memoryBudget(withParameters(server));
}

/** The cost of one prefill step: `tokens` new prompt tokens after `cached` computed ones, for `batch` sequences. */
export function prefillStep(server: Server, o: { tokens: number; cached?: number; batch?: number }): StepCost {
  return engine.prefillStep(withParameters(server), o);
}

/** The cost of one decode step of `batch` sequences, each with `context` tokens in the KV cache. */
export function decodeStep(server: Server, o: { batch: number; context: number }): StepCost {
  return engine.decodeStep(withParameters(server), o);
}

interface BenchmarkOptions {
  /** Requests that are sent first and not recorded. */
  warmup?: number;
  onProgress?(done: number, of: number): void;
}
const benchmarkOptions = optionsOf<BenchmarkOptions>({ warmup: "a number", onProgress: "anything" });

/**
 * Runs the workload on the target the learner picked: the lab's simulated server, a real engine in the tab, or an
 * endpoint. `warmup` requests, 4 unless said otherwise, are sent first and not recorded (measured targets only): they open
 * connections and show how the server counts prompt tokens. Throws InputError for an option that it doesn't know.
 */
export async function benchmark(workload: Workload, options: BenchmarkOptions = {}): Promise<Run> {
  const lab = insideLab("benchmark");
  checkBenchmarkOptions(options);
  const asked = withSeed(workload);
  const report = (done: number, of: number) => {
    lab.progress(done, of);
    options.onProgress?.(done, of);
  };
  const run = lab.measured
    ? await measured(lab, asked, options.warmup ?? DEFAULT_WARMUP, report)
    : engine.simulate(withParameters(labServer(lab)), asked, { record: "chunks" });
  keep(run);
  return run;
}

function checkBenchmarkOptions(options: BenchmarkOptions): void {
  checkOptions("options", options, benchmarkOptions);
  const { warmup, onProgress } = options;
  if (warmup !== undefined && !(Number.isInteger(warmup) && warmup >= 0))
    throw new InputError("options.warmup", warmup, "a whole number of requests, 0 for none");
  if (onProgress !== undefined && typeof onProgress !== "function")
    throw new InputError("options.onProgress", onProgress, "a function: (done, of) => …");
}

/** The lab's server, for labs that read its options or vary one of them. */
function labServer(lab: LabContext): Server {
  if (lab.server === undefined) {
    throw new Error("this lab names no server, so benchmark has nothing to run on: use simulate(server, workload)");
  }
  return lab.server;
}

async function measured(
  lab: LabContext,
  workload: Workload,
  warmup: number,
  report: (done: number, of: number) => void,
): Promise<Run> {
  const replayed = lab.replay[lab.runs.length];
  if (replayed !== undefined) return replayed;
  return lab.measure(workload, warmup, report);
}

/** A slider or select declared in lab.yaml. */
export function param<T extends number | string = number>(name: string): T {
  const { params } = insideLab("param");
  const value = params[name];
  if (value === undefined) {
    throw new InputError("param", name, `one of ${Object.keys(params).join(", ") || "none: this lab declares none"}`);
  }
  return value as T;
}

/** The lab's seed, shown beside the chart. */
export let seed = 0;

/** Gives `seed` and `Math.random` the lab's seed. */
export function reseed(value: number): void {
  seed = value;
  const random = new Random(value);
  Math.random = () => random.uniform();
}

function withSeed(workload: Workload): Workload {
  const lab = currentLab();
  return lab === null || workload.seed !== undefined ? workload : { ...workload, seed: lab.seed };
}

function withParameters(server: Server): Server {
  const lab = currentLab();
  return lab === null || server.parameters !== undefined ? server : { ...server, parameters: lab.parameters };
}

function keep(run: Run): void {
  const lab = currentLab();
  if (lab === null) return;
  lab.runs.push(run);
  lab.keep(run);
}

interface StreamRequest {
  prompt: string;
  maxTokens: number;
}
const streamRequest = optionsOf<StreamRequest>({ prompt: "anything", maxTokens: "a number" });
const streamShape = optionsOf<StreamShape>({
  roleChunk: "anything",
  emptyChunk: "anything",
  tokensPerChunk: "a number",
  reasoningTokens: "a number",
  usage: "anything",
  splitUtf8: "anything",
  errorAfter: "a number",
  tokens: "a number",
  refusal: "anything",
  onePiece: "anything",
  jitter: "a number",
});

/**
 * The raw bytes of one streamed answer as they arrived, for those who write their own stopwatch. `shape` words the
 * answer of the simulated server; a measured target words its own. Throws InputError for an option that it doesn't know.
 */
export function openStream(request: StreamRequest, shape: StreamShape = {}): AsyncIterable<TimedBytes> {
  const lab = insideLab("openStream");
  checkOptions("request", request, streamRequest);
  checkOptions("shape", shape, streamShape);
  if (typeof request.prompt !== "string") throw new InputError("request.prompt", request.prompt, "a text");
  if (!(Number.isInteger(request.maxTokens) && request.maxTokens > 0))
    throw new InputError("request.maxTokens", request.maxTokens, "a whole number of tokens, 1 or more");
  return lab.measured ? lab.openStream(request) : simulatedStream(lab, request, shape);
}

/** English text has about four characters a token. */
const charactersPerToken = 4;

async function* simulatedStream(
  lab: LabContext,
  request: StreamRequest,
  shape: StreamShape,
): AsyncGenerator<TimedBytes> {
  const server = labServer(lab);
  const promptTokens = Math.max(1, Math.ceil(request.prompt.length / charactersPerToken));
  const context = promptTokens + request.maxTokens / 2;
  const timing = {
    ttft: prefillStep(server, { tokens: promptTokens }).seconds + (server.network?.rtt ?? 0),
    tpot: decodeStep(server, { batch: 1, context }).seconds,
    tokens: request.maxTokens,
    promptTokens,
  };
  for (const chunk of composeStream(shape, timing, lab.seed).chunks) yield await Promise.resolve(chunk);
}
