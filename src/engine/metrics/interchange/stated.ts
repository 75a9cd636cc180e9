/** What a result file says about itself: the statistics its tool worked out, without the requests behind them. */
import { isObject, numberOr, type Json } from "./parse.ts";

/** One metric as the tool states it. Times in seconds, rates per second, the rest as `unit` says. */
export interface StatedMetric {
  /** ttft, tpot, itl, e2e where it is one of ours, else the tool's own name. */
  readonly name: string;
  readonly unit: "s" | "/s" | "";
  /** The tool's own name, and what it means where that differs from ours. */
  readonly from: string;
  readonly n?: number;
  readonly mean?: number;
  readonly min?: number;
  readonly max?: number;
  readonly std?: number;
  /** [percent, value], ascending. */
  readonly percentiles: readonly (readonly [q: number, value: number])[];
}

/** Under which load it was measured, as far as the file says. */
export interface StatedLoad {
  /** Requests in flight, at most. */
  readonly concurrency?: number;
  /** Requests per second that were meant to arrive. */
  readonly rate?: number;
  /** Mean tokens of a prompt and of an answer. */
  readonly prompt?: number;
  readonly output?: number;
}

export interface StatedSummary {
  readonly model?: string;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly cancelled?: number;
  /** Seconds. */
  readonly duration?: number;
  readonly requestsPerSecond?: number;
  readonly outputTokensPerSecond?: number;
  readonly totalTokensPerSecond?: number;
  readonly load?: StatedLoad;
  readonly metrics: readonly StatedMetric[];
}

/** "p99", "p99.9", "99%", "p(95)", "p001" (GuideLLM's 0.1), "median" → percent; undefined for anything else. */
export function percentOf(name: string): number | undefined {
  if (name === "median" || name === "med") return 50;
  const guidellm = /^p0(\d\d?)$/.exec(name);
  if (guidellm) return name === "p001" ? 0.1 : Number(guidellm[1]);
  if (name === "p999") return 99.9;
  const number = /^(?:p\(?|quantiles_p)?(\d{1,3}(?:\.\d+)?)\)?%?$/.exec(name.trim());
  const q = number ? Number(number[1]) : NaN;
  return q >= 0 && q <= 100 ? q : undefined;
}

/**
 * Statistics of one metric from an object like `{ mean, p50, … }`, whatever a tool calls them, each times `factor`.
 * undefined where it holds none.
 */
export function statedOf(
  about: Pick<StatedMetric, "name" | "unit" | "from">,
  statistics: unknown,
  factor = 1,
): StatedMetric | undefined {
  if (!isObject(statistics)) return undefined;
  const flat: Json = { ...statistics, ...(isObject(statistics["percentiles"]) ? statistics["percentiles"] : {}) };
  const scaled = (...names: string[]): number | undefined => {
    for (const name of names) {
      const value = numberOr(flat[name]);
      if (value !== undefined) return value * factor;
    }
    return undefined;
  };
  const at = new Map<number, number>();
  for (const [name, value] of Object.entries(flat)) {
    const q = percentOf(name);
    const number = numberOr(value);
    if (q !== undefined && number !== undefined) at.set(q, number * factor);
  }
  const [mean, min, max, std] = [
    scaled("mean", "avg", "average"),
    scaled("min"),
    scaled("max"),
    scaled("std", "std_dev", "stddev"),
  ];
  const n = numberOr(flat["count"] ?? flat["n"]);
  if (mean === undefined && min === undefined && max === undefined && at.size === 0) return undefined;
  return {
    ...about,
    ...(n !== undefined ? { n } : {}),
    ...(mean !== undefined ? { mean } : {}),
    ...(min !== undefined ? { min } : {}),
    ...(max !== undefined ? { max } : {}),
    ...(std !== undefined ? { std } : {}),
    percentiles: [...at].sort(([a], [b]) => a - b),
  };
}

/** Leaves out what is undefined, so that a field that is there has a value. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
