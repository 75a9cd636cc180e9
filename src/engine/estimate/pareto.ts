/** The bargain between one user's speed and all users' throughput, over concurrency; and where a step sits on the roofline. */
import { InputError } from "../errors.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { resolveServer } from "../resolve.ts";
import type { Server } from "../server.ts";
import type { StepCost } from "../step/types.ts";
import { estimate } from "./estimate.ts";
import type { Estimate } from "./types.ts";
import { within } from "../within.ts";

/** Of seconds, bytes and FLOP, so that no quotient overflows. */
const LEAST = 1e-12;
const MOST = 1e30;

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
  if (!within(shape.output, 2, Infinity))
    throw new InputError(
      "shape.output",
      shape.output,
      "2 tokens or more: the speed of one user is that between tokens",
    );
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
  const { seconds, bytes, flop } = step ?? {};
  if (!(within(seconds, LEAST, MOST) && within(bytes, 1, MOST) && within(flop, 0, MOST)))
    throw new InputError("step", step, "a step that takes time and moves bytes, as prefillStep or decodeStep gives it");
  const peak = gpu.peakFlops[weights]! * tensorParallel;
  const bandwidth = gpu.hbmBandwidth * tensorParallel;
  const intensity = flop / bytes;
  return {
    intensity,
    achieved: flop / seconds,
    attainable: Math.min(peak, bandwidth * intensity),
    ridge: peak / bandwidth,
  };
}
