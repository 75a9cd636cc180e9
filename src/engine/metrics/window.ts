/** Which part of a run is counted: all of it, or the stretch in which load was neither building up nor draining. */
import { statuses, type Run } from "../run.ts";
import type { DefinitionRules } from "./definitions/types.ts";

export interface Window {
  readonly from: number;
  readonly to: number;
  /** The requests that count, by index. */
  readonly requests: readonly number[];
  readonly steady: boolean;
}

/** Every request, and the span over which `rules` take rates. */
export function wholeRun(run: Run, rules: DefinitionRules): Window {
  const { count } = run.requests;
  if (run.untimed) {
    const requests = Array.from({ length: count }, (_, i) => i);
    return { from: 0, to: run.untimed.duration ?? NaN, requests, steady: false };
  }
  const from = rules.span.from === "zero" ? 0 : smallest(run.requests[rules.span.from]);
  const to = Math.max(from, largest(run.requests[rules.span.to]), largest(run.requests.last));
  return { from, to, requests: Array.from({ length: count }, (_, i) => i), steady: false };
}

/**
 * From the first completion to the last departure: before it the batch is filling, after it the server drains.
 * null where no such stretch exists, as when all requests leave at once.
 */
export function steadyWindow(run: Run): Window | null {
  if (run.untimed) return null;
  const { count, scheduled, started, closed, status } = run.requests;
  let from = Infinity;
  for (let i = 0; i < count; i++) if (statuses[status[i]] === "succeeded") from = Math.min(from, closed[i]);
  const to = largest(started);
  if (!(to > from)) return null;
  const requests = [];
  for (let i = 0; i < count; i++) if (scheduled[i] >= from && scheduled[i] <= to) requests.push(i);
  return requests.length > 0 ? { from, to, requests, steady: true } : null;
}

/** Smallest number that is not NaN; 0 where there is none. */
function smallest(values: Float64Array): number {
  let least = Infinity;
  for (let i = 0; i < values.length; i++) if (values[i] < least) least = values[i];
  return least === Infinity ? 0 : least;
}

/** Largest number that is not NaN; 0 where there is none. */
function largest(values: Float64Array): number {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most === -Infinity ? 0 : most;
}
