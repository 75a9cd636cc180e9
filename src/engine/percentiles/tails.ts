/** What the tail of a sample does to a task of many calls, and what a second request would do to the tail. */
import { InputError } from "../errors.ts";
import { log } from "../numeric.ts";
import { percentile } from "../metrics/percentile.ts";
import { atRank, ranks } from "../metrics/rank.ts";
import { tail } from "../metrics/tail.ts";

export interface FanOut {
  readonly calls: number;
  /** Of tasks that meet at least one call beyond p99. */
  readonly slowShare: number;
  /** The percentile of one call that its task's p50 and p99 are made of, and its value in seconds. */
  readonly median: { readonly q: number; readonly value: number };
  readonly p99: { readonly q: number; readonly value: number; readonly needs: number };
}

const MOST_CALLS = 100_000;

/** A task that waits for all of `calls` parallel, independent calls. */
export function fanOutOf(sorted: Float64Array, calls: number): FanOut {
  if (!(Number.isInteger(calls) && calls >= 1 && calls <= MOST_CALLS))
    throw new InputError(
      "the calls of a task",
      calls,
      `a whole number from 1 to ${MOST_CALLS.toLocaleString("en-GB")}`,
    );
  const at = (share: number) => {
    const q = 100 * share ** (1 / calls);
    return { q, value: atRank(sorted, q, ranks.linear) };
  };
  const p99 = at(0.99);
  // So many independent values have one beyond that percentile in 19 of 20 samples.
  const needs = Math.ceil(log(0.05) / log(p99.q / 100));
  return { calls, slowShare: tail.fanout(0.01, calls), median: at(0.5), p99: { ...p99, needs } };
}

export interface Hedge {
  readonly q: number;
  /** Seconds. */
  readonly trigger: number;
  /** Requests that are sent twice, 0–1. */
  readonly extra: number;
  readonly before: { readonly p50: number; readonly p99: number; readonly p999: number };
  readonly after: { readonly p50: number; readonly p99: number; readonly p999: number };
}

/** Enough to draw second answers from. */
const MOST_DRAWN = 100_000;

/** A second request after the q-th percentile, to a server that is as fast as the first and slow independently of it. */
export function hedgeOf(sorted: Float64Array, q: number): Hedge {
  if (!(q > 0 && q <= 100)) throw new InputError("the percentile of the second request", q, "above 0 and at most 100");
  const n = Math.min(MOST_DRAWN, sorted.length);
  const drawn =
    n === sorted.length
      ? sorted
      : Float64Array.from({ length: n }, (_, i) => sorted[Math.floor(((i + 0.5) / n) * sorted.length)]);
  const trigger = percentile(drawn, q);
  const hedged = tail.hedge(drawn, trigger);
  const of = (values: Float64Array) => ({
    p50: percentile(values, 50),
    p99: percentile(values, 99),
    p999: percentile(values, 99.9),
  });
  const extra = drawn.reduce((sum, value) => sum + (value > trigger ? 1 : 0), 0) / n;
  return { q, trigger, extra, before: of(drawn), after: of(hedged) };
}
