/** The table beside a distribution chart: one row a percentile, one column a sample. */
import { atRank, ranks } from "../metrics/rank.ts";
import type { SortedSample } from "./sorted-samples.ts";
import type { Axis, ChartTable } from "./types.ts";

/** Percentiles of the table, in percent. */
export const shownPercentiles = [0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9, 100];

export function quantileTable(x: Axis, samples: readonly SortedSample[]): ChartTable {
  const unit = x.unit ? ` (${x.unit})` : "";
  const name = (q: number) => (q === 0 ? "min" : q === 100 ? "max" : `p${q}`);
  return {
    columns: [`percentile of ${x.label}`, ...samples.map((s) => s.name + unit)],
    rows: [
      ["values", ...samples.map((s) => s.values.length)],
      ...shownPercentiles.map((q) => [
        name(q),
        ...samples.map((s) => (s.values.length > 0 ? atRank(s.values, q, ranks.linear) : "")),
      ]),
    ],
  };
}
