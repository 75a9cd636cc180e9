/** Where each bar of a bar chart or waterfall begins and ends. */
import { add } from "../../engine/chart/sums.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";

type Bars = Extract<ChartDescription, { kind: "bars" | "waterfall" }>;

/** [from, to] of every bar: series by series, category by category. A waterfall's last category is its total. */
export function barSpans({ kind, spec }: Bars): { categories: string[]; spans: [number, number][][] } {
  if (kind === "waterfall")
    return {
      categories: [...spec.categories, "total"],
      spans: spec.series.map(({ values }) => {
        let sum = 0;
        const steps = values.map((v): [number, number] => [sum, (sum = add(sum, v))]);
        return [...steps, [0, sum]];
      }),
    };
  const tops = spec.categories.map(() => 0);
  return {
    categories: [...spec.categories],
    spans: spec.series.map(({ values }) =>
      values.map((v, i): [number, number] => (spec.stacked ? [tops[i], (tops[i] = add(tops[i], v))] : [0, v])),
    ),
  };
}
