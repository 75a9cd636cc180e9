/** Latency and throughput of a server at a load, each with an interval. */
import { InputError } from "../errors.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { resolveServer } from "../resolve.ts";
import type { Server } from "../server.ts";
import { burst, spreadOf } from "./burst.ts";
import { answered, ranged, scatterOf } from "./interval.ts";
import { laneOf, lanesOf } from "./lane.ts";
import { budgetOf } from "./memory.ts";
import { closedLoop } from "./steady.ts";
import { decodeFeatures } from "./features.ts";
import type { Estimate } from "./types.ts";
import { within } from "../within.ts";

/** Requests in flight. */
const LEAST = 1e-6;
const MOST = 1e9;

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
  if (shape.concurrency !== "max" && !within(shape.concurrency, LEAST, MOST))
    throw new InputError("shape.concurrency", shape.concurrency, 'a number > 0, at most 1e9, or "max"');
  const memory = budgetOf(resolved);
  if (!memory.fits) throw new InputError("server", resolved.model.id, `small enough for the GPUs: ${memory.reason}`);
  const lane = laneOf(resolved, memory, { prompt, cached: 0, output });
  const { step, holds, maxRunning } = lane;
  const lanes = lanesOf(resolved);
  const perLane = shape.concurrency === "max" ? maxRunning : shape.concurrency / lanes;
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

function assumptions(server: Server): string[] {
  const defaulted = ["weights", "kv", "tensorParallel", "engine", "parameters"] as const;
  return defaulted.filter((field) => server[field] === undefined);
}
