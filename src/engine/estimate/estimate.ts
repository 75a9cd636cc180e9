/** Latency and throughput of a server at a load, each with an interval. */
import { InputError } from "../errors.ts";
import type { Ranged } from "../metrics/types.ts";
import { resolveServer } from "../resolve.ts";
import type { Server } from "../server.ts";
import { stepModel } from "../step/model.ts";
import { budgetOf } from "./memory.ts";
import { closedLoop } from "./steady.ts";
import { decodeFeatures } from "./features.ts";
import type { Estimate } from "./types.ts";

/**
 * TTFT, TPOT, E2E (seconds), throughput over all replicas, and the binding limit, with `concurrency` requests of this shape
 * in flight, or at saturation ("max"). Throws InputError when the shape is impossible or the model does not fit.
 */
export function estimate(
  server: Server,
  shape: { prompt: number; output: number; concurrency: number | "max" },
): Estimate {
  const resolved = resolveServer(server);
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
  if (shape.concurrency !== "max" && !(shape.concurrency > 0))
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
  return {
    ttft: ranged(state.ttft + resolved.rtt, 1.4),
    tpot: ranged(state.tpot, 1.2),
    e2e: ranged(state.ttft + resolved.rtt + (output - 1) * state.tpot, 1.2),
    outputTokensPerSecond: ranged(rate * output, 1.2),
    requestsPerSecond: ranged(rate, 1.2),
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

function ranged(value: number, factor: number): Ranged {
  return { value, low: value / factor, high: value * factor };
}
