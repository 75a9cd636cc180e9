/** The interval around an estimate: the factor that four of five measurements by others stay within. */
import type { Ranged } from "../metrics/types.ts";
import type { ResolvedServer } from "../server.ts";
import { parameters } from "../step/parameters.ts";
import type { Scatter } from "../step/types.ts";

/** The interval's factors: wider the further the server is from those measured. */
export function scatterOf({ parameters: set, gpu, engine }: ResolvedServer): Scatter {
  const { scatter, scatterFar, fittedOn } = set.scatter ? set : parameters.fitted;
  const kinds: Scatter[] = [scatter!];
  if (scatterFar && fittedOn) {
    if (!fittedOn.architectures.includes(gpu.architecture ?? "default")) kinds.push(scatterFar.architecture);
    else if (!fittedOn.gpus.includes(gpu.id)) kinds.push(scatterFar.gpu);
    if (!fittedOn.engines.includes(engine)) kinds.push(scatterFar.engine);
  }
  const widest = (metric: keyof Scatter): number => kinds.reduce((most, kind) => Math.max(most, kind[metric]), 0);
  return {
    ttft: widest("ttft"),
    tpot: widest("tpot"),
    throughput: widest("throughput"),
    step: widest("step"),
  };
}

/**
 * The first token and the gaps after it, as if both erred the same way: whole answers were measured on too few pairs of model
 * and GPU for an interval of their own.
 */
export function answered(ttft: Ranged, tpot: Ranged, gaps: number): Ranged {
  const sum = (end: keyof Ranged): number => ttft[end] + gaps * tpot[end];
  return { value: sum("value"), low: sum("low"), high: sum("high") };
}

export function ranged(value: number, factor: number): Ranged {
  return { value, low: value / factor, high: value * factor };
}
