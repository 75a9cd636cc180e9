/** The plan's requests as a Workload of the engine. */
import { meanLength } from "../../engine/workload/lengths.ts";
import type { Lengths, Workload } from "../../engine/workload/types.ts";
import type { Load } from "./plan.ts";

/** Lengths × factor. */
export function scaledLengths(lengths: Lengths, factor: number): Lengths {
  switch (lengths.kind) {
    case "fixed":
      return { kind: "fixed", value: lengths.value * factor };
    case "uniform":
      return { kind: "uniform", min: Math.round(lengths.min * factor), max: Math.round(lengths.max * factor) };
    case "exponential":
      return { kind: "exponential", mean: lengths.mean * factor };
    case "lognormal":
      return { ...lengths, median: lengths.median * factor };
    case "empirical":
      return { kind: "empirical", values: lengths.values.map((value) => value * factor) };
    case "clamp":
      return {
        ...lengths,
        of: scaledLengths(lengths.of, factor),
        min: lengths.min * factor,
        max: lengths.max * factor,
      };
  }
}

/** What is generated: the visible answer, stretched by the reasoning before it. */
export function generatedLengths({ output, outputMean, reasoning }: Load): Lengths {
  if (outputMean === 0) return { kind: "fixed", value: reasoning };
  return scaledLengths(output, (outputMean + reasoning) / outputMean);
}

/** Tokens of the prefix that requests share; the rest of a prompt is its own. */
export function prefixTokens({ prefixShare, promptMean }: Load): number {
  return Math.round(prefixShare * promptMean);
}

/** How far a length may lie above its mean in a simulation, unless the model's context ends before. */
const LONGEST = 50;

/** Without arrivals. Every request fits into `context` tokens: longer ones are cut. */
export function requestsOf(load: Load, context: number): Pick<Workload, "prompt" | "output" | "prefix"> {
  const prefix = prefixTokens(load);
  const outputs = generatedLengths(load);
  const room = context - prefix - 1;
  const answer = Math.max(1, Math.min(Math.floor(room / 2), Math.ceil(LONGEST * Math.max(1, meanLength(outputs)))));
  const own = scaledLengths(load.prompt, 1 - load.prefixShare);
  return {
    prompt: { kind: "clamp", of: own, min: 1, max: Math.max(1, room - answer) },
    output: { kind: "clamp", of: outputs, min: 1, max: answer },
    ...(prefix > 0 && { prefix: { groups: load.groups, tokens: { kind: "fixed", value: prefix } } }),
  };
}

/** Requests at random, `rate` a second, in bursts where the load says so. */
export function workloadOf(load: Load, context: number, rate: number, requests: number, seed: number): Workload {
  const { burstiness } = load;
  return {
    arrivals: burstiness === 1 ? { kind: "poisson", rate } : { kind: "gamma", rate, burstiness },
    ...requestsOf(load, context),
    requests,
    seed,
  };
}
