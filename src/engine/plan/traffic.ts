/** The requests that a plan is tried with. */
import { InputError } from "../errors.ts";
import type { RequestTable } from "../workload/request-table.ts";
import { sample } from "../workload/lengths.ts";
import type { Lengths, Workload } from "../workload/types.ts";
import type { PlanWorkload } from "./types.ts";

/** Requests of a simulation; the first of them find a server that is still filling, and don't count. */
export const simulated = { requests: 500, warmUp: 100 } as const;

/**
 * The traffic that reaches one of several replicas, each of which gets its share at random, as behind a balancer that knows nothing of
 * load. Round robin spreads it more evenly.
 */
export function trafficOf(
  workload: PlanWorkload,
  rate: number,
  seed: number,
  requests: number = simulated.requests,
): Workload {
  const { burstiness = 1, prompt, output, prefix } = workload;
  return {
    arrivals: burstiness === 1 ? { kind: "poisson", rate } : { kind: "gamma", rate, burstiness },
    prompt,
    output,
    ...(prefix && { prefix }),
    requests,
    seed,
  };
}

/**
 * Tokens of the longest request with its answer that may come, rounded up, at most `limit`: the length that servers are set up for. Throws
 * InputError where a request that was drawn is longer than `limit`.
 */
export function longestOf({ prompt, output, prefix }: PlanWorkload, table: RequestTable, limit: number): number {
  let drawn = 0;
  for (let i = 0; i < table.count; i++) drawn = Math.max(drawn, table.prompt[i]! + table.output[i]!);
  if (drawn > limit)
    throw new InputError(
      "workload.prompt",
      drawn,
      `short enough: the longest of ${table.count} requests has ${drawn} tokens with its answer, and the model takes ${limit}. Cut the lengths off below that`,
    );
  const most = mostOf(prompt) + mostOf(output) + (prefix ? mostOf(prefix.tokens) : 0);
  return Math.min(limit, 512 * Math.ceil(Math.max(drawn, most) / 512));
}

/** The largest length, or of those that have none, of twenty thousand draws. */
function mostOf(lengths: Lengths): number {
  switch (lengths.kind) {
    case "fixed":
      return lengths.value;
    case "uniform":
      return lengths.max;
    case "empirical":
      return lengths.values.reduce((most, value) => Math.max(most, value), 0);
    case "clamp":
      return Math.min(lengths.max, Math.max(lengths.min, mostOf(lengths.of)));
    default:
      return sample(lengths, 20_000).reduce((most, value) => Math.max(most, value), 0);
  }
}

/** Mean tokens of a request; `prefix` is the part of the prompt that it shares with its group. */
export function meansOf(table: RequestTable): { prompt: number; prefix: number; output: number } {
  const mean = (of: (i: number) => number): number => {
    let sum = 0;
    for (let i = 0; i < table.count; i++) sum += of(i);
    return sum / table.count;
  };
  return {
    prompt: mean((i) => table.prompt[i]!),
    prefix: mean((i) => prefixOf(table, i)),
    output: mean((i) => table.output[i]!),
  };
}

/** Leading tokens of a request that others of its group begin with too. */
export function prefixOf({ segments }: RequestTable, i: number): number {
  return segments ? segments.tokens[segments.offset[i]!]! : 0;
}
