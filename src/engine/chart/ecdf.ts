/** An empirical distribution function: which share of the values lies at or below x. */
import { distributionFinding } from "./distribution-finding.ts";
import { quantileTable, shownPercentiles } from "./quantile-table.ts";
import { sortedSamplesOf } from "./sorted-samples.ts";
import { thinRanks } from "./thin.ts";
import type { ChartDescription, DistributionChart } from "./types.ts";

const named = shownPercentiles.map((q) => q / 100);

/** Throws InputError for what can't be drawn. */
export function ecdf(c: DistributionChart): ChartDescription {
  const samples = sortedSamplesOf(c);
  return {
    kind: "ecdf",
    title: c.title,
    finding: c.says ?? distributionFinding(c.x, samples),
    table: quantileTable(c.x, samples),
    spec: {
      title: c.title,
      x: c.x,
      y: { label: "share at or below" },
      series: samples.map(({ name, values }) => ({
        name,
        points: thinRanks(values.length, named).map((i) => ({ x: values[i], y: (i + 1) / values.length })),
      })),
      ...(c.marks ? { marks: c.marks } : {}),
    },
  };
}
