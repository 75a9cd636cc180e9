/** Latency and throughput of a server at a load, each with an interval. */
import { InputError } from "../errors.ts";
import type { Ranged } from "../metrics/types.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { resolveServer } from "../resolve.ts";
import type { ResolvedServer, Server } from "../server.ts";
import { parameters } from "../step/parameters.ts";
import { stepModel } from "../step/model.ts";
import type { Scatter } from "../step/types.ts";
import { burst, spreadOf } from "./burst.ts";
import { budgetOf } from "./memory.ts";
import { closedLoop } from "./steady.ts";
import { decodeFeatures } from "./features.ts";
import type { Estimate } from "./types.ts";

const shapeOptions = optionsNamed({ numbers: ["prompt", "output"], others: ["concurrency"] });

/**
 * Each interval is the factor within which four of five measurements lie that the fit had not seen (npm run fit).
 * TTFT, TPOT, E2E (seconds), throughput over all replicas, and the binding limit, with `concurrency` requests of this shape
 * in flight, or at saturation ("max"). Requests come spread over time, as where answers differ in length; `simulate` finds the same
 * there, and `ttftTogether` where users ask all at once. Throws InputError when the shape is impossible or the model does not fit.
 */
export function estimate(
  server: Server,
  shape: { prompt: number; output: number; concurrency: number | "max" },
): Estimate {
  const resolved = resolveServer(server);
  checkOptions("shape", shape, shapeOptions);
  const { prompt, output } = shape;
  const longest = resolved.scheduler.maxModelLen ?? resolved.model.maxContext;
  if (!(prompt >= 1)) throw new InputError("shape.prompt", prompt, "a number of tokens ≥ 1");
  if (!(output >= 1)) throw new InputError("shape.output", output, "a number of tokens ≥ 1");
  if (prompt + output > longest)
    throw new InputError(
      "shape.prompt",
      prompt,
      `at most ${longest - output}, so that with the output it stays within ${longest} tokens`,
    );
  if (shape.concurrency !== "max" && !(typeof shape.concurrency === "number" && shape.concurrency > 0))
    throw new InputError("shape.concurrency", shape.concurrency, 'a number > 0 or "max"');
  const memory = budgetOf(resolved);
  if (!memory.fits) throw new InputError("server", resolved.model.id, `small enough for the GPUs: ${memory.reason}`);
  const holds = Math.max(1, memory.maxSequences(prompt + output / 2) / resolved.dataParallel);
  const maxRunning = Math.min(resolved.scheduler.maxNumSeqs, holds);
  const lanes = resolved.replicas * resolved.dataParallel * resolved.pipelineParallel;
  const perLane = shape.concurrency === "max" ? maxRunning : shape.concurrency / lanes;
  const step = stepModel(resolved);
  const lane = {
    step,
    prompt,
    output,
    cached: 0,
    maxRunning,
    maxNumBatchedTokens: resolved.scheduler.maxNumBatchedTokens,
    mixes: resolved.batching === "continuous",
    outside: resolved.rtt + resolved.ingress,
    ahead: resolved.scheduler.asyncScheduling,
    interval: resolved.scheduler.prefillScheduleInterval,
  };
  const state = closedLoop(lane, perLane);
  const together = lane.outside + burst(lane, Math.max(1, perLane), spreadOf(false)).ttftMean;
  const bound = step.cost(decodeFeatures(Math.max(1, state.running), prompt + output / 2, step.window)).bound;
  const rate = state.requestsPerSecond * lanes;
  const scatter = scatterOf(resolved);
  const ttft = ranged(state.ttft, scatter.ttft);
  return {
    ttft,
    ttftTogether: ranged(together, scatter.ttft),
    tpot: ranged(output > 1 ? state.tpot : NaN, scatter.tpot),
    e2e: answered(ttft, ranged(state.tpot, scatter.tpot), output - 1),
    outputTokensPerSecond: ranged(rate * output, scatter.throughput),
    requestsPerSecond: ranged(rate, scatter.throughput),
    concurrency: perLane * lanes,
    bound: holds <= perLane ? "memory" : bound,
    memory,
    assumed: assumptions(server),
  };
}

/** The interval's factors: wider the further the server is from those measured. */
function scatterOf({ parameters: set, gpu, engine }: ResolvedServer): Scatter {
  const { scatter, scatterFar, fittedOn } = set.scatter ? set : parameters.fitted;
  const kinds: Scatter[] = [scatter!];
  if (scatterFar && fittedOn) {
    if (!fittedOn.architectures.includes(gpu.architecture ?? "default")) kinds.push(scatterFar.architecture);
    else if (!fittedOn.gpus.includes(gpu.id)) kinds.push(scatterFar.gpu);
    if (!fittedOn.engines.includes(engine)) kinds.push(scatterFar.engine);
  }
  const widest = (metric: keyof Scatter): number => Math.max(...kinds.map((kind) => kind[metric]));
  return {
    ttft: widest("ttft"),
    tpot: widest("tpot"),
    throughput: widest("throughput"),
    step: widest("step"),
  };
}

function assumptions(server: Server): string[] {
  const defaulted = ["weights", "kv", "tensorParallel", "engine", "parameters"] as const;
  return defaulted.filter((field) => server[field] === undefined);
}

/**
 * The first token and the gaps after it, as if both erred the same way: whole answers were measured on too few pairs of model
 * and GPU for an interval of their own.
 */
function answered(ttft: Ranged, tpot: Ranged, gaps: number): Ranged {
  const sum = (end: keyof Ranged): number => ttft[end] + gaps * tpot[end];
  return { value: sum("value"), low: sum("low"), high: sum("high") };
}

function ranged(value: number, factor: number): Ranged {
  return { value, low: value / factor, high: value * factor };
}
