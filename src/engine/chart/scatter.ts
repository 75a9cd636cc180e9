/** A scatter plot, and in one sentence where its points lie. */
import { atRank, ranks } from "../metrics/rank.ts";
import { formatNumber, inSentence, placeText, sentence, withUnit } from "./format.ts";
import { checkSeriesChart } from "./series.ts";
import { seriesTable, thinnedNote } from "./series-table.ts";
import { pointsEach, thinScatter } from "./thin.ts";
import type { ChartDescription, SeriesChart } from "./types.ts";

/** Throws InputError for what can't be drawn. */
export function scatter(c: SeriesChart): ChartDescription {
  checkSeriesChart(c);
  const series = c.series.map((s) => ({ ...s, points: thinScatter(s.points, pointsEach(c.series.length)) }));
  return {
    kind: "scatter",
    title: c.title,
    finding: c.says ?? finding(c),
    table: seriesTable(c.x, c.y, series, thinnedNote(c.series, series)),
    spec: { ...c, series },
  };
}

function finding({ x, y, series }: SeriesChart): string {
  const some = series.filter((s) => s.points.length > 0);
  if (some.length === 0) return "There is no data yet.";
  const all = some.flatMap(({ name, points }) => points.map((p) => ({ ...p, name })));
  const label = inSentence(y.label);
  if (some.length > 1) {
    const high = all.reduce((a, b) => (b.y > a.y ? b : a));
    const low = all.reduce((a, b) => (b.y < a.y ? b : a));
    if (high.y === low.y) return `${sentence(y.label)} is ${withUnit(high.y, y.unit)} throughout.`;
    const told = (p: typeof high) =>
      `${withUnit(p.y, y.unit)}, at ${inSentence(x.label)} ${placeText(p.x, x.unit)} (${p.name})`;
    return `${sentence(y.label)} is highest, ${told(high)}, and lowest, ${told(low)}; ${formatNumber(all.length, 6)} points in ${some.length} series.`;
  }
  const [xs, ys] = [sorted(all.map((p) => p.x)), sorted(all.map((p) => p.y))];
  const [from, to] = [xs[0], xs[xs.length - 1]].map((place) => placeText(place, x.unit));
  const [low, middle, high] = [0, 50, 100].map((q) => withUnit(atRank(ys, q, ranks.linear), y.unit));
  if (all.length === 1) return `At ${inSentence(x.label)} ${from}, the only point has ${label} ${low}.`;
  const where = from === to ? `At ${inSentence(x.label)} ${from}` : `Over ${inSentence(x.label)} from ${from} to ${to}`;
  return `${where}, ${formatNumber(all.length, 6)} points have ${label} from ${low} to ${high}, half of them below ${middle}.`;
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}
