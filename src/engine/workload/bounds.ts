/** How many requests a workload makes. */
import { InputError } from "../errors.ts";
import type { Workload } from "./types.ts";

/** Runs longer than this are cut, and say so. */
export const MAX_REQUESTS = 4_000_000;

/** How many requests a workload asks for: at most `limit`, and whether time or number ends it. */
export function bounds(workload: Workload): { limit: number; duration: number; endless: boolean } {
  const { requests, duration } = workload;
  if (requests === undefined && duration === undefined) {
    throw new InputError("workload.requests", undefined, "given", "workload needs requests or duration (or both)");
  }
  if (requests !== undefined && !(requests >= 1 && (Number.isInteger(requests) || requests === Infinity))) {
    throw new InputError("workload.requests", requests, "a whole number from 1");
  }
  if (duration !== undefined && !(duration > 0)) throw new InputError("workload.duration", duration, "above 0 seconds");
  const asked = requests ?? Infinity;
  return { limit: Math.min(asked, MAX_REQUESTS), duration: duration ?? Infinity, endless: asked > MAX_REQUESTS };
}

/** Requests prepared for a closed loop that only a duration ends: no user can finish faster than one in a millisecond. */
export function closedGuess(workload: Workload): number {
  const users = workload.arrivals.kind === "closed" ? workload.arrivals.users : 1;
  return Math.min(MAX_REQUESTS, Math.max(users, Math.ceil(users * (workload.duration ?? 0) * 20) + users));
}
