/** Histograms, bars and waterfalls. */
import { formatNumber } from "../../../engine/chart/format.ts";
import { sum } from "../../../engine/chart/sums.ts";
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { barSpans } from "../bar-spans.ts";
import { barExtents, histogramExtents } from "../extents.ts";
import { legendOf } from "../legend.ts";
import { scaleOf } from "../scale.ts";
import { seriesStyles } from "../series-style.ts";
import { textWidth, type Place, type Surface } from "../surface.ts";
import type { Drawing, View } from "../view.ts";
import { drawBands, drawLegend, drawMarks, drawXAxis, drawYAxis, plotBox, xOf, yOf } from "./frame.ts";

type Histogram = Extract<ChartDescription, { kind: "histogram" }>;
type Bars = Extract<ChartDescription, { kind: "bars" | "waterfall" }>;

export function drawHistogram(surface: Surface, description: Histogram, view: View): Drawing {
  const { spec } = description;
  const extents = histogramExtents(description);
  const x = scaleOf(spec.x, extents.x, { tight: true, zoom: view.x });
  const y = scaleOf(spec.y, extents.y, { zero: "always", ticks: 5 });
  const names = spec.series.map((s) => s.name);
  const legend = view.legend ? legendOf(description) : [];
  const box = plotBox(surface, y, legend);
  drawLegend(surface, legend, "block");
  drawYAxis(surface, box, y);
  const [px, py] = [xOf(box, x), yOf(box, y)];
  const styles = seriesStyles(names);
  surface.clip({ ...box, top: box.top - 2 }, () =>
    spec.series.forEach(({ counts }, s) => {
      if (view.hidden.has(s)) return;
      const { colour, dash } = styles[s];
      const outline: Place[] = [[px(spec.edges[0]), box.bottom]];
      counts.forEach((count, i) => {
        const [left, right] = [px(spec.edges[i]), px(spec.edges[i + 1])];
        outline.push([left, py(count)], [right, py(count)]);
        const gap = names.length === 1 && right - left > 3 ? 1 : 0;
        const opacity = names.length === 1 ? 0.85 : 0.28;
        if (count > 0)
          surface.rect(left + gap / 2, py(count), right - left - gap, box.bottom - py(count), colour, opacity);
      });
      // Several samples overlap: their outlines tell them apart.
      if (names.length > 1)
        surface.line([...outline, [px(spec.edges[spec.edges.length - 1]), box.bottom]], colour, { width: 1.75, dash });
    }),
  );
  drawXAxis(surface, box, x);
  drawMarks(surface, box, spec.marks, { x: px, y: py });
  return { panels: [{ box, x, y }] };
}

/** Where the bar of a series stands among the bands of a category axis: shares of the width of the plot. */
export function barPlace(
  { kind, spec }: Bars,
  series: number,
  category: number,
): { readonly from: number; readonly to: number } {
  const count = spec.categories.length + (kind === "waterfall" ? 1 : 0);
  const across = kind === "bars" && spec.stacked ? 1 : Math.max(1, spec.series.length);
  const left = (category + 0.14) / count + (across > 1 ? (series * 0.72) / count / across : 0);
  return { from: left, to: left + 0.72 / count / across };
}

export function drawBars(surface: Surface, description: Bars, view: View): Drawing {
  const { kind, spec } = description;
  const { categories, spans } = barSpans(description);
  const log = spec.y.scale === "log";
  const y = scaleOf(spec.y, barExtents(description).y, { zero: "always", ticks: 5 });
  const names = spec.series.map((s) => s.name);
  const legend = view.legend ? legendOf(description) : [];
  const box = plotBox(surface, y, legend, 38);
  drawLegend(surface, legend, "block");
  drawYAxis(surface, box, y);
  const styles = seriesStyles(names);
  const py = (v: number) => (log && v <= 0 ? box.bottom : yOf(box, y)(v));
  const at = (share: number) => box.left + share * (box.right - box.left);
  drawBands(surface, box, categories);
  const stacked = kind === "bars" && spec.stacked === true;
  const crowded = stacked || spans.length * categories.length > 24;
  spans.forEach((bars, s) => {
    if (view.hidden.has(s)) return;
    const { colour } = styles[s];
    bars.forEach(([from, to], i) => {
      const place = barPlace(description, s, i);
      const [left, right] = [at(place.from), at(place.to)];
      const gap = spans.length > 1 && !stacked ? 1 : 0;
      const [top, foot] = [Math.min(py(from), py(to)), Math.max(py(from), py(to))];
      const part = kind === "waterfall" && i < bars.length - 1;
      surface.rect(left, top, right - left - gap, Math.max(foot - top, 0.5), colour, part ? 0.6 : 1);
      if (part)
        surface.line(
          [
            [right - gap, py(to)],
            [at(barPlace(description, s, i + 1).from), py(to)],
          ],
          "line-strong",
        );
      const value = i < spec.categories.length ? spec.series[s].values[i] : sum(spec.series[s].values);
      const label = formatNumber(value * y.shown.factor);
      if (!crowded && textWidth(label, 11.5) < right - left + (spans.length > 1 ? 0 : 8))
        surface.text([(left + right) / 2, to >= from ? top - 5 : foot + 13], label, {
          anchor: "middle",
          colour: "body",
          size: 11.5,
          halo: true,
        });
    });
  });
  drawMarks(surface, box, spec.marks, { x: () => 0, y: py });
  return { panels: [{ box, x: null, y }] };
}
