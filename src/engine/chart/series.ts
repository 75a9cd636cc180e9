/** What line and scatter charts share: checking, and the table. */
import { InputError } from "../errors.ts";
import { axisTitle, formatNumber } from "./format.ts";
import type { Axis, ChartTable, Point, SeriesChart } from "./types.ts";
import { checkAxis, checkList, checkMarks, checkNumber, checkSome, checkText } from "./validate.ts";

type Series = SeriesChart["series"];
const MAX_SERIES = 24;

/** Throws InputError for anything that can't be drawn. */
export function checkSeriesChart(c: SeriesChart): void {
  checkText(c.title, "title");
  checkAxis(c.x, "x");
  checkAxis(c.y, "y");
  checkSome(c.series, "series", MAX_SERIES);
  c.series.forEach(({ name, points }, s) => {
    checkText(name, `series[${s}].name`);
    checkList(points, `series[${s}].points`);
    points.forEach((point, i) => checkPoint(point, c, `series[${s}].points[${i}]`));
  });
  checkMarks(c.marks, c.x, c.y);
}

function checkPoint(point: Point, { x, y }: { x: Axis; y: Axis }, field: string): void {
  checkNumber(point.x, x, `${field}.x`);
  checkNumber(point.y, y, `${field}.y`);
  if (point.low !== undefined) checkNumber(point.low, y, `${field}.low`);
  if (point.high !== undefined) checkNumber(point.high, y, `${field}.high`);
  if ((point.low ?? point.y) > (point.high ?? point.y))
    throw new InputError(`${field}.low`, point.low, `at most its high, ${point.high}`);
}

/** One row an x, one column a series. */
export function seriesTable(x: Axis, y: Axis, series: Series, note?: string): ChartTable {
  const banded = (s: number) => series[s].points.some((p) => p.low !== undefined || p.high !== undefined);
  const labelled = series.some(({ points }) => points.some((p) => p.label !== undefined));
  const name = (s: number) => (series.length === 1 ? axisTitle(y) : `${series[s].name}${y.unit ? ` (${y.unit})` : ""}`);
  const columns = [axisTitle(x)];
  series.forEach((_, s) => columns.push(name(s), ...(banded(s) ? ["low", "high"] : [])));
  if (labelled) columns.push("label");

  const rows = new Map<string, (string | number)[]>();
  let at = 1;
  series.forEach(({ points }, s) => {
    const seen = new Map<number, number>();
    for (const p of points) {
      // Several points of one series at one x take a row each.
      const turn = seen.get(p.x) ?? 0;
      seen.set(p.x, turn + 1);
      const key = `${p.x} ${turn}`;
      const row = rows.get(key) ?? [p.x, ...new Array<string>(columns.length - 1).fill("")];
      rows.set(key, row);
      row[at] = p.y;
      if (banded(s)) {
        row[at + 1] = p.low ?? "";
        row[at + 2] = p.high ?? "";
      }
      if (labelled && p.label !== undefined) row[columns.length - 1] = p.label;
    }
    at += banded(s) ? 3 : 1;
  });
  const sorted = [...rows.values()].sort((a, b) => Number(a[0]) - Number(b[0]));
  return note ? { columns, rows: sorted, note } : { columns, rows: sorted };
}

/** "Showing 1,000 of 52,000 points" where some were left out. */
export function thinnedNote(before: Series, after: Series): string | undefined {
  const count = (series: Series) => series.reduce((sum, { points }) => sum + points.length, 0);
  const [all, shown] = [count(before), count(after)];
  return shown < all
    ? `Showing ${formatNumber(shown, 9)} of ${formatNumber(all, 9)} points; the extremes are all there.`
    : undefined;
}
