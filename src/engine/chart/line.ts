/** A line chart, and in one sentence where its lines go. */
import { inSentence, listed, placeText, withUnit } from "./format.ts";
import { checkSeriesChart } from "./series.ts";
import { seriesTable, thinnedNote } from "./series-table.ts";
import { pointsEach, thinLine } from "./thin.ts";
import type { Axis, ChartDescription, Point, SeriesChart } from "./types.ts";

/** Points are drawn in order of x. Throws InputError for what can't be drawn. */
export function line(c: SeriesChart): ChartDescription {
  checkSeriesChart(c);
  const sorted = c.series.map((s) => ({ ...s, points: [...s.points].sort((a, b) => a.x - b.x) }));
  const series = sorted.map((s) => ({ ...s, points: thinLine(s.points, pointsEach(sorted.length)) }));
  return {
    kind: "line",
    title: c.title,
    finding: c.says ?? finding(c.x, c.y, sorted),
    table: seriesTable(c.x, c.y, series, thinnedNote(c.series, series)),
    spec: { ...c, series },
  };
}

const MOST_NAMED = 3;

function finding(x: Axis, y: Axis, all: SeriesChart["series"]): string {
  const series = all.filter((s) => s.points.length > 0);
  if (series.length === 0) return "There is no data yet.";
  const xs = series.flatMap((s) => [s.points[0].x, s.points[s.points.length - 1].x]);
  const [from, to] = [Math.min(...xs), Math.max(...xs)];
  if (from === to) {
    const values = series.map((s) => `${nameOf(s.name, y, series.length)} is ${withUnit(s.points[0].y, y.unit)}`);
    return `At ${inSentence(x.label)} ${placeText(from, x.unit)}, ${listed(values)}.`;
  }
  const span = `As ${inSentence(x.label)} goes from ${placeText(from, x.unit)} to ${placeText(to, x.unit)}`;
  if (series.length <= MOST_NAMED)
    return `${span}, ${listed(series.map((s) => `${nameOf(s.name, y, series.length)} ${course(s.points, x, y)}`))}.`;
  const ends = series.map((s) => ({ name: s.name, y: s.points[s.points.length - 1].y })).sort((a, b) => b.y - a.y);
  const [top, bottom] = [ends[0], ends[ends.length - 1]];
  return `${span}, ${inSentence(y.label)} of the ${series.length} series ends between ${withUnit(bottom.y, y.unit)} (${bottom.name}) and ${withUnit(top.y, y.unit)} (${top.name}).`;
}

function nameOf(name: string, y: Axis, of: number): string {
  return of === 1 ? inSentence(y.label) : name;
}

/** "rises from 6.5 ms to 24 ms", with a peak or a dip on the way where there is one. */
function course(points: readonly Point[], x: Axis, y: Axis): string {
  const first = points[0];
  const last = points[points.length - 1];
  let low = first;
  let high = first;
  for (const p of points) {
    if (p.y < low.y) low = p;
    if (p.y > high.y) high = p;
  }
  const scale = Math.max(Math.abs(low.y), Math.abs(high.y));
  if (high.y - low.y <= 0.02 * scale) return `stays near ${withUnit(first.y, y.unit)}`;
  const change = last.y - first.y;
  const verb = Math.abs(change) <= 0.02 * scale ? "goes" : change > 0 ? "rises" : "falls";
  const path = `${verb} from ${withUnit(first.y, y.unit)} to ${withUnit(last.y, y.unit)}`;
  const notable = 0.1 * (high.y - low.y);
  const at = (p: Point) => `${withUnit(p.y, y.unit)} at ${placeText(p.x, x.unit)}`;
  const peak = high.y > Math.max(first.y, last.y) + notable ? ` with a peak of ${at(high)}` : "";
  const dip = low.y < Math.min(first.y, last.y) - notable ? ` with a low of ${at(low)}` : "";
  return path + peak + (peak && dip ? " and" + dip.slice(5) : dip);
}
