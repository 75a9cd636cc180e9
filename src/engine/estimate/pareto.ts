/** The bargain between one user's speed and all users' throughput, over concurrency; and where a step sits on the roofline. */
import { InputError } from "../errors.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { resolveServer } from "../resolve.ts";
import type { Server } from "../server.ts";
import type { StepCost } from "../step/types.ts";
import { estimate } from "./estimate.ts";
import type { Estimate } from "./types.ts";

const shapeOptions = optionsNamed({ numbers: ["prompt", "output"] });

export interface ParetoPoint {
  readonly concurrency: number;
  /** Output tokens per second that one request sees while it decodes, and that one GPU produces. */
  readonly perUser: number;
  readonly perGpu: number;
  readonly estimate: Estimate;
}

/**
 * Concurrencies 1, 2, 4, … up to saturation, without those that another beats in both speeds. Throws as `estimate` does.
 */
export function pareto(server: Server, shape: { prompt: number; output: number }): ParetoPoint[] {
  checkOptions("shape", shape, shapeOptions);
  const resolved = resolveServer(server);
  const gpus = resolved.tensorParallel * resolved.pipelineParallel * resolved.dataParallel * resolved.replicas;
  const full = estimate(server, { ...shape, concurrency: "max" });
  const points: ParetoPoint[] = [];
  for (let concurrency = 1; concurrency < full.concurrency; concurrency *= 2)
    points.push(pointOf(estimate(server, { ...shape, concurrency }), gpus));
  points.push(pointOf(full, gpus));
  return points.filter((p) => !points.some((q) => q.perUser > p.perUser && q.perGpu > p.perGpu));
}

function pointOf(e: Estimate, gpus: number): ParetoPoint {
  return {
    concurrency: e.concurrency,
    perUser: 1 / e.tpot.value,
    perGpu: e.outputTokensPerSecond.value / gpus,
    estimate: e,
  };
}

export interface RooflinePoint {
  /** FLOP per byte moved. */
  readonly intensity: number;
  /** FLOP/s that the step reaches, and that the datasheet allows at this intensity. */
  readonly achieved: number;
  readonly attainable: number;
  /** FLOP per byte at which the datasheet's two limits meet. */
  readonly ridge: number;
}

/** Where a step lies under the roofline of the GPUs it runs on (Williams, Waterman, Patterson, CACM 2009). */
export function rooflinePoint(server: Server, step: StepCost): RooflinePoint {
  const { gpu, weights, tensorParallel } = resolveServer(server);
  if (!(step.seconds > 0 && step.bytes > 0))
    throw new InputError("step", step, "a step that takes time and moves bytes");
  const peak = gpu.peakFlops[weights]! * tensorParallel;
  const bandwidth = gpu.hbmBandwidth * tensorParallel;
  const intensity = step.flop / step.bytes;
  return {
    intensity,
    achieved: step.flop / step.seconds,
    attainable: Math.min(peak, bandwidth * intensity),
    ridge: peak / bandwidth,
  };
}
