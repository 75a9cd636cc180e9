/** Latency and throughput of a server at a load, each with an interval. */
import { InputError } from "../errors.ts";
import type { Ranged } from "../metrics/types.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { resolveServer } from "../resolve.ts";
import type { ResolvedServer, Server } from "../server.ts";
import { parameters } from "../step/parameters.ts";
import { parameterOf, type RooflineParameters } from "../step/roofline.ts";
import { stepModel } from "../step/model.ts";
import type { Scatter } from "../step/types.ts";
import { budgetOf } from "./memory.ts";
import { closedLoop } from "./steady.ts";
import { decodeFeatures } from "./features.ts";
import type { Estimate } from "./types.ts";

const shapeOptions = optionsNamed({ numbers: ["prompt", "output"], others: ["concurrency"] });

/**
 * Each interval is the factor within which four of five measurements lie that the fit had not seen (npm run fit).
 * TTFT, TPOT, E2E (seconds), throughput over all replicas, and the binding limit, with `concurrency` requests of this shape
 * in flight, or at saturation ("max"). Throws InputError when the shape is impossible or the model does not fit.
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
  };
  const state = closedLoop(lane, perLane);
  const bound = step.cost(decodeFeatures(Math.max(1, state.running), prompt + output / 2, step.window)).bound;
  const rate = state.requestsPerSecond * lanes;
  const arrival = resolved.rtt + ingressOf(resolved);
  const scatter = scatterOf(resolved);
  return {
    ttft: ranged(state.ttft + arrival, scatter.ttft),
    tpot: ranged(state.tpot, scatter.tpot),
    e2e: ranged(state.ttft + arrival + (output - 1) * state.tpot, scatter.latency ?? scatter.tpot),
    outputTokensPerSecond: ranged(rate * output, scatter.throughput),
    requestsPerSecond: ranged(rate, scatter.throughput),
    concurrency: perLane * lanes,
    bound: holds <= perLane ? "memory" : bound,
    memory,
    assumed: assumptions(server),
  };
}

/** The interval's factors: wider where nothing measured is of this GPU or this engine. */
function scatterOf({ parameters: set, gpu, engine }: ResolvedServer): Scatter {
  const { scatter, scatterFar, fittedOn } = set.scatter ? set : parameters.fitted;
  const near = !fittedOn || (fittedOn.gpus.includes(gpu.id) && fittedOn.engines.includes(engine));
  return near ? scatter! : (scatterFar ?? scatter!);
}

/** Seconds between request and scheduler that the engine's front end takes, where the parameter set knows them. */
function ingressOf(server: ResolvedServer): number {
  return server.parameters["form"] === "roofline"
    ? parameterOf(server.parameters as RooflineParameters, "ingress", server.engine)
    : 0;
}

function assumptions(server: Server): string[] {
  const defaulted = ["weights", "kv", "tensorParallel", "engine", "parameters"] as const;
  return defaulted.filter((field) => server[field] === undefined);
}

function ranged(value: number, factor: number): Ranged {
  return { value, low: value / factor, high: value * factor };
}
