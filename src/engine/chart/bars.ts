/** Bars by category, side by side or stacked. */
import { axisTitle, formatNumber, inSentence, sentence, withUnit } from "./format.ts";
import { checkCategoryChart } from "./categories.ts";
import { sum } from "./sums.ts";
import type { CategoryChart, ChartDescription } from "./types.ts";

/** Throws InputError for what can't be drawn. */
export function bars(c: CategoryChart): ChartDescription {
  checkCategoryChart(c);
  const single = c.series.length === 1;
  const stacked = c.stacked && !single;
  return {
    kind: "bars",
    title: c.title,
    finding: c.says ?? finding(c),
    table: {
      columns: [
        "",
        ...(single ? [axisTitle(c.y)] : c.series.map((s) => `${s.name}${c.y.unit ? ` (${c.y.unit})` : ""}`)),
        ...(stacked ? [axisTitle({ ...c.y, label: "total" })] : []),
      ],
      rows: c.categories.map((category, i) => [
        category,
        ...c.series.map((s) => s.values[i]),
        ...(stacked ? [total(c, i)] : []),
      ]),
    },
    spec: c,
  };
}

function total(c: CategoryChart, category: number): number {
  return sum(c.series.map((s) => s.values[category]));
}

function finding(c: CategoryChart): string {
  const { y, categories, series } = c;
  const entries =
    c.stacked || series.length === 1
      ? categories.map((name, i) => ({ name, value: total(c, i) }))
      : series.flatMap((s) => categories.map((name, i) => ({ name: `${s.name}, ${name}`, value: s.values[i] })));
  const sorted = [...entries].sort((a, b) => b.value - a.value);
  const [top, bottom] = [sorted[0], sorted[sorted.length - 1]];
  const label = c.stacked && series.length > 1 ? `Total ${inSentence(y.label)}` : sentence(y.label);
  if (sorted.length === 1) return `${label} is ${withUnit(top.value, y.unit)} for ${top.name}.`;
  if (top.value === bottom.value) return `${label} is ${withUnit(top.value, y.unit)} throughout.`;
  const times = top.value / bottom.value;
  const ratio = bottom.value > 0 && Number.isFinite(times) ? `, ${formatNumber(times)} times apart` : "";
  return `${label} is highest for ${top.name} (${withUnit(top.value, y.unit)}) and lowest for ${bottom.name} (${withUnit(bottom.value, y.unit)})${ratio}.`;
}
