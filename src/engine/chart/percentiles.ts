/** Percentiles on HdrHistogram's axis, where p90, p99 and p99.9 are equally far apart: the plot to read tails from. */
import { distributionFinding } from "./distribution-finding.ts";
import { quantileTable } from "./quantile-table.ts";
import { sortedSamplesOf } from "./sorted-samples.ts";
import { thinRanks } from "./thin.ts";
import type { ChartDescription, DistributionChart } from "./types.ts";

/** Marks lie on the value axis. Throws InputError for what can't be drawn. */
export function percentiles(c: DistributionChart): ChartDescription {
  const samples = sortedSamplesOf(c);
  return {
    kind: "percentiles",
    title: c.title,
    finding: distributionFinding(c.x, samples),
    table: quantileTable(c.x, samples),
    spec: {
      title: c.title,
      x: { label: "percentile", scale: "log" },
      y: c.x,
      series: samples.map(({ name, values }) => ({
        name,
        // The i-th of n values stands for the share (i − ½) ÷ n, so that even the largest has a place.
        points: thinRanks(values.length).map((i) => ({ x: values.length / (values.length - i - 0.5), y: values[i] })),
      })),
      ...(c.marks ? { marks: c.marks.map(({ x, label }) => ({ y: x, label })) } : {}),
    },
  };
}
