/** A distribution in GuideLLM's form; where there are no values, all of it is 0, as GuideLLM writes it. */
import { fromSorted, fromWeighted } from "../distribution.ts";
import { ranks } from "../rank.ts";

const names = {
  p001: 0.1,
  p01: 1,
  p05: 5,
  p10: 10,
  p25: 25,
  p50: 50,
  p75: 75,
  p90: 90,
  p95: 95,
  p99: 99,
  p999: 99.9,
};

/** `weights`: how often each value counts; once where they are absent. */
export function guidellmStatistics(values: readonly number[], weights?: readonly number[]): Record<string, unknown> {
  const d = weights
    ? fromWeighted(values, weights)
    : fromSorted(Float64Array.from(values).sort(), ranks["nearest-rank"]);
  const of = (read: () => number) => (d.n > 0 ? read() : 0);
  const mean = of(() => d.mean);
  const sum = values.reduce((total, v, i) => total + (weights?.[i] ?? 1) * (v - mean) * (v - mean), 0);
  const variance = d.n > 0 ? sum / d.n : 0;
  return {
    mean,
    median: of(() => d.p(50)),
    mode: modeOf(values),
    variance,
    std_dev: Math.sqrt(variance),
    min: of(() => d.min),
    max: of(() => d.max),
    count: d.n,
    total_sum: mean * d.n,
    percentiles: Object.fromEntries(Object.entries(names).map(([name, q]) => [name, of(() => d.p(q))])),
    pdf: null,
  };
}

/** The most frequent value, the smallest of several; 0 of none. */
function modeOf(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce(
    (best, one) => (one[1] > best[1] || (one[1] === best[1] && one[0] < best[0]) ? one : best),
    [0, 0] as [number, number],
  )[0];
}
