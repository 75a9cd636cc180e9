/** The table of a line or scatter chart: one row a point, as drawn, each beside the name of its series. */
import { axisTitle, formatNumber } from "./format.ts";
import type { Axis, ChartTable, SeriesChart } from "./types.ts";

type Series = SeriesChart["series"];

/** `series` as they are drawn. */
export function seriesTable(x: Axis, y: Axis, series: Series, note?: string): ChartTable {
  const some = (has: (p: Series[number]["points"][number]) => boolean) => series.some(({ points }) => points.some(has));
  const named = series.length > 1;
  const banded = some((p) => p.low !== undefined || p.high !== undefined);
  const labelled = some((p) => p.label !== undefined);
  return {
    columns: [
      ...(named ? ["series"] : []),
      axisTitle(x),
      axisTitle(y),
      ...(banded ? [axisTitle({ ...y, label: "low" }), axisTitle({ ...y, label: "high" })] : []),
      ...(labelled ? ["label"] : []),
    ],
    rows: series.flatMap(({ name, points }) =>
      points.map((p) => [
        ...(named ? [name] : []),
        p.x,
        p.y,
        ...(banded ? [p.low ?? "", p.high ?? ""] : []),
        ...(labelled ? [p.label ?? ""] : []),
      ]),
    ),
    ...(note ? { note } : {}),
  };
}

/** "Showing 20,000 of 52,000 points" where some were left out. */
export function thinnedNote(before: Series, after: Series): string | undefined {
  const count = (series: Series) => series.reduce((sum, { points }) => sum + points.length, 0);
  const [all, shown] = [count(before), count(after)];
  return shown < all
    ? `Showing ${formatNumber(shown, 9)} of ${formatNumber(all, 9)} points; the extremes are all there.`
    : undefined;
}
