/** Predicts one case with a parameter set, in SI units. */
import { formats } from "../../src/engine/catalog/dtypes.ts";
import { staticBatch } from "../../src/engine/estimate/batch.ts";
import { burst, type Drain } from "../../src/engine/estimate/burst.ts";
import { prefillFeatures } from "../../src/engine/estimate/features.ts";
import { budgetOf } from "../../src/engine/estimate/memory.ts";
import { closedLoop, openLoop, type Lane, type SteadyState } from "../../src/engine/estimate/steady.ts";
import { parameterOf, rooflineModel, type RooflineParameters } from "../../src/engine/step/roofline.ts";
import type { StepModel } from "../../src/engine/step/types.ts";
import type { Case } from "./case.ts";

/** Requests of an open-loop benchmark whose length its row does not give. */
const usualRequests = 1000;

/** What rows of one load on one server share, under the parameters looked at last: a fit asks for every metric of each. */
interface Shared {
  readonly step: StepModel;
  closed?: SteadyState;
  open?: SteadyState;
  drain?: Drain;
}
let current: { readonly p: RooflineParameters; readonly by: Map<string, Shared> } | undefined;

function sharedOf(c: Case, p: RooflineParameters): Shared {
  if (current?.p !== p) current = { p, by: new Map() };
  let shared = current.by.get(c.key);
  if (!shared) {
    const set = c.eager ? { ...p, values: { ...p.values, [`eager.${c.server.engine}`]: p.values["eager.hf"]! } } : p;
    current.by.set(c.key, (shared = { step: rooflineModel({ ...c.server, parameters: set }, set, c.work) }));
  }
  return shared;
}

/** The case's metric in seconds, bytes, or counts per second; NaN where the load does not define it. */
export function predict(c: Case, p: RooflineParameters): number {
  if (c.table === "memory") return memory(c);
  const shared = sharedOf(c, p);
  const { step } = shared;
  const queue = (key: string): number => parameterOf(p, "queue", key);
  const opening = parameterOf(p, "opening", c.server.engine);
  const ingress = parameterOf(p, "ingress", frontOf(c));
  // A web server in one process looks at all requests that meet before it passes the first of them on.
  const accepting = c.served ? parameterOf(p, "accept", askedOf(c)) * c.value : 0;
  const { metric, prompt, output } = c;
  if (metric === "prefill_throughput") {
    const batch = c.load === "static" ? c.value : 1;
    return (
      (batch * prompt) /
      (c.microBatch
        ? inMicroBatches(c, step, batch)
        : step.seconds(prefillFeatures(batch, prompt, c.cached, step.window)))
    );
  }
  if (c.load === "static" || c.load === "single") {
    const batch = c.load === "single" || !(c.value >= 1) ? 1 : c.value;
    const run = staticBatch(step, {
      batch: batch / (c.load === "single" ? 1 : c.lanes),
      prompt,
      output,
      maxNumBatchedTokens: c.server.engine === "fastertransformer" ? Infinity : 16384,
    });
    const decode = run.decodeStep;
    if (metric === "decode_throughput") return batch / decode;
    if (metric === "achieved_weight_bandwidth_per_gpu") return weightsPerGpu(c) / decode;
    // Nobody comes between a batch that stays as it is: its slowest tokens are as fast as the others.
    if (metric === "decode_step_time_mean" || /^(tpot|itl)/.test(metric)) return decode;
    if (metric === "prefill_time_batch") return run.prefill;
    if (metric.startsWith("ttft")) {
      const alone = (tokens: number): number => step.seconds(prefillFeatures(1, Math.max(1, tokens), 0, step.window));
      if (metric === "ttft_min") return alone(prompt) + ingress;
      if (c.load === "single") return alone(c.chatLengths ? prompt * chatLength(metric) : prompt) + ingress;
      return run.prefill + ingress;
    }
    if (metric.startsWith("e2e_latency") || metric === "makespan") return run.total + ingress;
    return counted(c, (batch * output) / (run.total + ingress));
  }
  const lane: Lane = {
    step,
    prompt: Math.max(1, prompt),
    output,
    cached: 0,
    maxRunning: c.maxRunning,
    maxNumBatchedTokens: c.server.scheduler.maxNumBatchedTokens,
    mixes: c.server.batching === "continuous",
    outside: ingress,
    ahead: c.server.scheduler.asyncScheduling,
    interval: c.server.scheduler.prefillScheduleInterval,
  };
  if (c.load === "burst" || (c.load === "saturated" && c.value >= 1)) {
    if (!(c.value >= 1)) return NaN;
    const requests = Math.max(1, c.value / c.lanes);
    const drained = (shared.drain ??= burst(lane, requests, c.spread));
    if (metric.startsWith("ttft"))
      return (
        ingress +
        accepting +
        (metric.endsWith("p50") ? drained.ttftMedian : drained.ttftMean * tail(metric, queue("ttft")))
      );
    if (/^(tpot|itl)/.test(metric))
      return (metric.endsWith("p50") ? drained.tpotMedian : drained.tpotMean) * tail(metric, queue("tpot"));
    const makespan = accepting + drained.makespan;
    if (metric === "makespan") return makespan;
    if (metric.startsWith("e2e")) return accepting + drained.ttftMean + output * drained.tpotMean;
    return counted(c, (c.value * output) / makespan);
  }
  if (c.load === "closed" || c.load === "saturated") {
    const concurrency = c.load === "saturated" ? 4 * c.maxRunning : c.value / c.lanes;
    if (!(concurrency > 0)) return NaN;
    const state = (shared.closed ??= closedLoop(lane, Math.max(1, concurrency)));
    const rate = state.requestsPerSecond;
    if (metric.startsWith("ttft"))
      return opened(c, lane, shared, concurrency, state.ttft, queue("ttft"), opening, accepting);
    if (/^(tpot|itl)/.test(metric)) return state.tpot * tail(metric, queue("tpot"));
    if (metric === "makespan") return c.requests ? c.requests / (rate * c.lanes) : NaN;
    if (metric.startsWith("e2e")) return state.ttft + (output - 1) * state.tpot;
    return counted(c, rate * c.lanes * output);
  }
  if (c.load === "poisson" || c.load === "constant") {
    if (!(c.value > 0)) return NaN;
    const offered = c.value / c.lanes;
    const state = (shared.open ??= openLoop(lane, offered));
    const overloaded = state.waiting === Infinity;
    const arriving = (c.requests ?? usualRequests) / c.lanes;
    const backlog = overloaded ? (arriving / 2) * Math.max(0, 1 / state.requestsPerSecond - 1 / offered) : 0;
    const free = overloaded ? closedLoop(lane, c.maxRunning) : state;
    if (metric.startsWith("ttft")) return (free.ttft + backlog) * (overloaded ? 1 : tail(metric, queue("ttft")));
    if (/^(tpot|itl)/.test(metric)) return state.tpot * tail(metric, queue("tpot"));
    if (metric.startsWith("e2e")) return free.ttft + backlog + (output - 1) * state.tpot;
    const span = arriving / Math.min(offered, state.requestsPerSecond) + free.ttft + output * state.tpot;
    if (metric === "makespan") return c.requests ? span : NaN;
    return counted(c, (c.lanes * arriving * output) / span);
  }
  return NaN;
}

/** What stands between the client and the scheduler: the engine's own front end, or nothing where a script calls it in its process. */
export function frontOf(c: Case): string {
  return c.served ? c.server.engine : "in-process";
}

/** How a web server reads a request: as text, or as a chat that it writes out by the model's template. vLLM writes gpt-oss's without one. */
export function askedOf(c: Case): string {
  const { engine } = c.server;
  return c.templated && !(engine.startsWith("vllm") && c.model.startsWith("gpt-oss")) ? engine : "text";
}

/** Micro-batches that llama.cpp has on the way at once: `n_batch` 2,048 over `n_ubatch` 512, its defaults. */
const inPipeline = 4;

/**
 * llama.cpp computes a prompt in micro-batches of `n_ubatch` tokens. Where layers lie on several GPUs, the micro-batches of one batch
 * go through them as a pipeline, which drains before the next batch begins.
 */
function inMicroBatches(c: Case, step: StepModel, batch: number): number {
  const size = Math.min(c.microBatch!, c.prompt);
  const pieces = Math.ceil(c.prompt / size);
  let seconds = 0;
  for (let done = 0; done < c.prompt; done += size)
    seconds += batch * step.seconds(prefillFeatures(1, Math.min(size, c.prompt - done), c.cached + done, step.window));
  const stages = c.server.pipelineParallel;
  const together = Math.min(inPipeline, batch * pieces);
  return (seconds * (together + stages - 1)) / (together * stages);
}

/**
 * A closed-loop benchmark begins with all its users at once. The mean counts that opening burst with its share of the
 * requests, and more where users of like lengths stay in step afterwards: at least the engine's `opening`. The median does not see it.
 */
function opened(
  c: Case,
  lane: Lane,
  shared: Shared,
  users: number,
  steady: number,
  p99: number,
  opening: number,
  accepting: number,
): number {
  if (users <= 1.5) return steady * tail(c.metric, p99);
  if (c.metric.endsWith("p50")) return steady;
  const first = lane.outside + accepting + (shared.drain ??= burst(lane, users, c.spread)).ttftMean;
  if (/p9\d$/.test(c.metric)) return Math.max(steady * tail(c.metric, p99), 1.8 * first);
  const share = Math.max(opening, c.requests ? Math.min(1, c.value / c.requests) : 0);
  return (1 - share) * steady + share * Math.max(steady, first);
}

/** A throughput metric from output tokens per second over all GPUs. */
function counted(c: Case, outputRate: number): number {
  if (c.metric === "output_throughput_per_gpu") return outputRate / c.gpus;
  if (c.metric === "total_token_throughput") return (outputRate * (c.prompt + c.output)) / c.output;
  if (c.metric === "request_throughput") return outputRate / c.output;
  return outputRate;
}

/** How far a percentile lies above the mean; `p99` is the fitted ratio, p90 half of the way. */
function tail(metric: string, p99: number): number {
  if (metric.endsWith("p99")) return p99;
  if (metric.endsWith("p95")) return 1 + (p99 - 1) * 0.7;
  return metric.endsWith("p90") ? 1 + (p99 - 1) / 2 : 1;
}

/**
 * The length of a chat's prompt at a high percentile, relative to the mean, if lengths are spread exponentially. The median stays at
 * the mean: at .69 of it, medians of first tokens come out no better.
 */
function chatLength(metric: string): number {
  const percentile = /p(90|95|99)$/.exec(metric);
  return percentile ? -Math.log(1 - Number(percentile[1]) / 100) : 1;
}

function weightsPerGpu(c: Case): number {
  return (c.server.model.parameters * formats[c.server.weights].weight) / c.gpus;
}

function memory(c: Case): number {
  const budget = budgetOf(c.server);
  const perReplica = c.server.tensorParallel * c.server.pipelineParallel * c.server.dataParallel;
  if (c.metric === "kv_cache_tokens") return budget.blocks * c.server.scheduler.blockSize;
  if (c.metric === "kv_cache_memory_per_gpu") return budget.kv / perReplica;
  if (c.metric === "weights_memory_per_gpu") return budget.weights / perReplica;
  if (c.metric !== "gpu_memory_used") return NaN;
  if (/^(vllm|sglang|trtllm|lmdeploy)/.test(c.server.engine) && c.load !== "single")
    return (budget.weights + budget.kv + budget.activations) / perReplica;
  const batch = c.load === "static" && c.value >= 1 ? c.value : 1;
  const sequences = batch * budget.sequenceBytes(Math.max(1, c.prompt + c.output));
  const driver = c.server.engine === "fastertransformer" ? contextBytes * c.gpus : 0;
  return budget.weights + sequences + activationsOf(c, batch) + driver;
}

/** CUDA context and libraries, which only what the driver reports includes. */
const contextBytes = 2.2e9;

/**
 * A server without a pool holds the hidden states and FFN activations of its prefill. transformers before 4.45 also made
 * logits of every prompt token, in 16 and again in 32 bits.
 */
function activationsOf(c: Case, batch: number): number {
  const { model } = c.server;
  const [major = 0, minor = 0] = c.version.split(".").map(Number);
  const logits = c.server.engine === "hf" && (major < 4 || (major === 4 && minor < 45)) ? 6 * model.vocab : 0;
  return batch * c.prompt * (2 * (4 * model.hidden + 2 * model.ffnWidth) + logits);
}
