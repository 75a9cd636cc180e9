/** Percentiles on HdrHistogram's axis, where p90, p99 and p99.9 are equally far apart: the plot to read tails from. */
import { distributionFinding } from "./distribution-finding.ts";
import { quantileTable, shownPercentiles } from "./quantile-table.ts";
import { sortedSamplesOf } from "./sorted-samples.ts";
import { thinRanks } from "./thin.ts";
import type { ChartDescription, DistributionChart } from "./types.ts";

const named = shownPercentiles.map((q) => q / 100);

/** Marks lie on the value axis. Throws InputError for what can't be drawn. */
export function percentiles(c: DistributionChart): ChartDescription {
  const samples = sortedSamplesOf(c);
  return {
    kind: "percentiles",
    title: c.title,
    finding: c.says ?? distributionFinding(c.x, samples),
    table: quantileTable(c.x, samples),
    spec: {
      title: c.title,
      x: { label: "percentile", scale: "log" },
      y: c.x,
      series: samples.map(({ name, values }) => ({
        name,
        points: thinRanks(values.length, named).map((i) => ({ x: placeOf(i, values.length), y: values[i] })),
      })),
      ...(c.marks ? { marks: c.marks.map(({ x, label }) => ({ y: x, label })) } : {}),
    },
  };
}

/**
 * The i-th of n sorted values (from 0) stands for the share i ÷ (n − 1), as in the table, so that curve and table agree at each
 * percentile. The largest would have no place on this axis and gets one beyond the others.
 */
function placeOf(i: number, n: number): number {
  return i < n - 1 ? (n - 1) / (n - 1 - i) : 2 * n;
}
