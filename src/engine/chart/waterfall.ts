/** Parts of a whole, each starting where the last one ended, with their sum at the end. */
import { formatNumber, listed, sentence, withUnit } from "./format.ts";
import { checkCategoryChart } from "./categories.ts";
import { sum } from "./sums.ts";
import type { CategoryChart, ChartDescription } from "./types.ts";

/** The total is added by the chart; don't give it as a category. Throws InputError for what can't be drawn. */
export function waterfall(c: CategoryChart): ChartDescription {
  checkCategoryChart(c);
  const sums = c.series.map((s) => sum(s.values));
  const unit = c.y.unit ? ` (${c.y.unit})` : "";
  return {
    kind: "waterfall",
    title: c.title,
    finding: c.says ?? finding(c, sums),
    table: {
      columns: ["part", ...c.series.map((s) => s.name + unit)],
      rows: [...c.categories.map((name, i) => [name, ...c.series.map((s) => s.values[i])]), ["total", ...sums]],
    },
    spec: c,
  };
}

function finding({ y, categories, series }: CategoryChart, sums: readonly number[]): string {
  const parts = series.map(({ name, values }, s) => {
    const largest = values.indexOf(Math.max(...values));
    const share = sums[s] > 0 ? `, ${formatNumber(100 * (values[largest] / sums[s]))} % of it` : "";
    const who = series.length > 1 ? ` for ${name}` : "";
    return `${withUnit(sums[s], y.unit)}${who}, most of all ${categories[largest]} (${withUnit(values[largest], y.unit)}${share})`;
  });
  return `${sentence(y.label)} adds up to ${listed(parts)}.`;
}
