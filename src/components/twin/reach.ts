/** How far a sweep reaches: which loads lie within what was measured, what lies beyond, and where the server's own limits begin. */
import { budgetOf } from "../../engine/estimate/memory.ts";
import type { Observation } from "../../engine/calibrate/observation.ts";
import type { Load } from "../../engine/calibrate/types.ts";
import { formatNumber } from "../../engine/chart/format.ts";
import { resolveServer } from "../../engine/resolve.ts";
import type { Server } from "../../engine/server.ts";
import type { LoadKind } from "./rows.ts";

export interface Span {
  readonly low: number;
  readonly high: number;
}

/** Of the points of one kind of loop; undefined where there is none. */
export interface Reach {
  readonly load: Span;
  readonly prompt: Span;
  readonly output: Span;
  readonly points: number;
}

export function reachOf(observations: readonly Observation[], kind: LoadKind): Reach | undefined {
  const own = observations.filter(({ load }) => (load.rate !== undefined) === (kind === "rate"));
  if (own.length === 0) return undefined;
  const span = (of: (load: Load) => number): Span => {
    const values = own.map(({ load }) => of(load));
    return { low: Math.min(...values), high: Math.max(...values) };
  };
  return {
    load: span((load) => load.concurrency ?? load.rate!),
    prompt: span(({ prompt }) => prompt),
    output: span(({ output }) => output),
    points: own.length,
  };
}

/** A hundredth beyond an end is still at it: lengths of runs are means. */
const slack = 1.01;

/** Why a load is beyond the points, a sentence a reason; none where it lies between them. */
export function beyond(load: Load, observations: readonly Observation[]): string[] {
  const kind = load.rate === undefined ? "users" : "rate";
  const reach = reachOf(observations, kind);
  if (!reach)
    return [
      kind === "rate"
        ? "No point was measured at a rate of arrivals: all of this is carried over from users in a closed loop."
        : "No point was measured with users in a closed loop: all of this is carried over from rates of arrivals.",
    ];
  const unit = kind === "users" ? "users" : "requests/s";
  const reasons: string[] = [];
  const judge = (value: number, { low, high }: Span, what: string, of: string): void => {
    if (value > high * slack)
      reasons.push(
        `${formatNumber(value)} ${what} is ${formatNumber(value / high, 2)} times the most that was measured (${formatNumber(high)}${of}).`,
      );
    else if (value < low / slack)
      reasons.push(
        `${formatNumber(value)} ${what} is less than the least that was measured (${formatNumber(low)}${of}).`,
      );
  };
  judge(load.concurrency ?? load.rate!, reach.load, unit, "");
  judge(load.prompt, reach.prompt, "tokens of prompt", "");
  judge(load.output, reach.output, "tokens of answer", "");
  return reasons;
}

export interface Limit {
  /** Requests in flight over all replicas at which it begins to bind. */
  readonly users: number;
  readonly by: "KV cache" | "maxNumSeqs";
}

/** Where requests begin to wait for a place at these lengths. Undefined where the memory budget says that nothing fits. */
export function placesOf(server: Server, { prompt, output }: Pick<Load, "prompt" | "output">): Limit | undefined {
  const resolved = resolveServer(server);
  const budget = budgetOf(resolved);
  if (!budget.fits) return undefined;
  const engines = resolved.replicas * resolved.dataParallel;
  const held = budget.maxSequences(prompt + output / 2) * resolved.replicas;
  const seats = resolved.scheduler.maxNumSeqs * engines;
  return held < seats ? { users: Math.floor(held), by: "KV cache" } : { users: seats, by: "maxNumSeqs" };
}
