/** Whether a run may pass where another was before it: the rules by which a comparison gates a CI. */
import { InputError } from "../errors.ts";
import type { Comparison, ComparedRow } from "./types.ts";

export interface GateOptions {
  /** How much worse a time or a rate may get, as a share of what it was; default 0. */
  readonly tolerance?: number;
  /** The largest share of requests of b that may fail, be cancelled or stay unsent; default: no more than in a, beyond chance. */
  readonly maxFailed?: number;
  /** b may hold fewer than half as many successful requests as a. */
  readonly allowSmaller?: boolean;
}

export interface Regression {
  readonly metric: string;
  readonly why: string;
}

/** A run with fewer than this share of the other's successes measures something else; the older may be smaller. */
const SMALLER = { b: 0.5, a: 0.1 } as const;

/**
 * Success comes first: without one in either run nothing can be judged, so nothing passes. A time or a rate is worse where
 * even the kind end of its interval is, by more than the tolerance. Throws InputError for a share outside 0–1.
 */
export function regressionsOf(comparison: Comparison, options: GateOptions = {}): Regression[] {
  const { tolerance = 0, maxFailed, allowSmaller = false } = options;
  if (!(tolerance >= 0)) throw new InputError("tolerance", tolerance, "a share, 0 or more");
  if (maxFailed !== undefined && !(maxFailed >= 0 && maxFailed <= 1))
    throw new InputError("maxFailed", maxFailed, "a share from 0 to 1");
  const [a, b] = comparison.outcomes;
  if (b.succeeded === 0) return [{ metric: "succeeded", why: `b has no successful request (of ${b.scheduled})` }];
  if (a.succeeded === 0)
    return [
      { metric: "succeeded", why: `a has no successful request (of ${a.scheduled}): there is nothing to compare with` },
    ];
  const out: Regression[] = [];
  const lost = 1 - b.succeeded / b.scheduled;
  const row = comparison.rows.find(({ metric }) => metric === "succeeded") as ComparedRow;
  if (maxFailed === undefined ? row.delta.high < 0 : lost > maxFailed)
    out.push({
      metric: "succeeded",
      why: `${b.succeeded} of ${b.scheduled} succeeded in b, ${a.succeeded} of ${a.scheduled} in a`,
    });
  else if (!allowSmaller && (b.succeeded < SMALLER.b * a.succeeded || a.succeeded < SMALLER.a * b.succeeded))
    out.push({
      metric: "requests",
      why: `${b.succeeded < a.succeeded ? "b" : "a"} holds far fewer successful requests (a ${a.succeeded}, b ${b.succeeded}): too few to judge by`,
    });
  for (const { metric, unit, better, a: before, delta } of comparison.rows) {
    if (unit === "share") continue;
    const allowed = tolerance * Math.abs(before);
    if (better === "high" ? delta.high < -allowed : delta.low > allowed)
      out.push({ metric, why: "worse beyond chance" });
  }
  return out;
}
