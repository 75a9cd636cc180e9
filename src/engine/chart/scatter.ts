/** A scatter plot, and in one sentence where its points lie. */
import { percentile } from "../metrics/percentile.ts";
import { formatNumber, inSentence, listed, placeText, withUnit } from "./format.ts";
import { checkSeriesChart, seriesTable, thinnedNote } from "./series.ts";
import { thinScatter } from "./thin.ts";
import type { ChartDescription, SeriesChart } from "./types.ts";

/** Throws InputError for what can't be drawn. */
export function scatter(c: SeriesChart): ChartDescription {
  checkSeriesChart(c);
  const series = c.series.map((s) => ({ ...s, points: thinScatter(s.points) }));
  return {
    kind: "scatter",
    title: c.title,
    finding: finding(c),
    table: seriesTable(c.x, c.y, series, thinnedNote(c.series, series)),
    spec: { ...c, series },
  };
}

function finding({ x, y, series }: SeriesChart): string {
  const some = series.filter((s) => s.points.length > 0);
  if (some.length === 0) return "There is no data yet.";
  const xs = some.flatMap((s) => s.points.map((p) => p.x));
  const [from, to] = [percentile(xs, 0), percentile(xs, 100)].map((place) => placeText(place, x.unit));
  const where = from === to ? `At ${inSentence(x.label)} ${from}` : `Over ${inSentence(x.label)} from ${from} to ${to}`;
  const parts = some.slice(0, 4).map(({ name, points }) => {
    const ys = points.map((p) => p.y);
    const [low, middle, high] = [0, 50, 100].map((q) => withUnit(percentile(ys, q), y.unit));
    const who = some.length > 1 ? ` of ${name}` : "";
    if (points.length === 1) return `one point${who} has ${inSentence(y.label)} ${low}`;
    return `${formatNumber(points.length, 6)} points${who} have ${inSentence(y.label)} from ${low} to ${high}, half of them below ${middle}`;
  });
  const more = some.length > 4 ? `, and ${some.length - 4} more series` : "";
  return `${where}, ${listed(parts)}${more}.`;
}
