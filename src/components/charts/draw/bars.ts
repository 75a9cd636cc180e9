/** Histograms, bars and waterfalls. */
import { displayUnit, formatNumber } from "../../../engine/chart/format.ts";
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { extent, scaleOf } from "../scale.ts";
import { seriesStyle } from "../series-style.ts";
import { textWidth, type Place, type Surface } from "../surface.ts";
import { drawBands, drawLegend, drawMarks, drawXAxis, drawYAxis, plotBox, xOf, yOf } from "./frame.ts";

type Histogram = Extract<ChartDescription, { kind: "histogram" }>;
type Bars = Extract<ChartDescription, { kind: "bars" | "waterfall" }>;

export function drawHistogram(surface: Surface, { spec }: Histogram): void {
  const x = scaleOf(spec.x, extent([...spec.edges, ...(spec.marks ?? []).map((m) => m.x)]), { tight: true });
  const y = scaleOf(spec.y, extent(spec.series.flatMap((s) => s.counts)), { zero: "always", ticks: 5 });
  const legend = spec.series.length > 1 ? spec.series.map((s) => s.name) : [];
  const box = plotBox(surface, y, legend);
  drawLegend(surface, legend, "block");
  drawYAxis(surface, box, y);
  const px = xOf(box, x);
  const py = yOf(box, y);
  spec.series.forEach(({ counts }, s) => {
    const { colour, dash } = seriesStyle(s);
    const outline: Place[] = [[px(spec.edges[0]), box.bottom]];
    counts.forEach((count, i) => {
      const [left, right] = [px(spec.edges[i]), px(spec.edges[i + 1])];
      outline.push([left, py(count)], [right, py(count)]);
      const gap = spec.series.length === 1 && right - left > 3 ? 1 : 0;
      if (count > 0)
        surface.rect(
          left + gap / 2,
          py(count),
          right - left - gap,
          box.bottom - py(count),
          colour,
          spec.series.length === 1 ? 0.85 : 0.28,
        );
    });
    // Several samples overlap: their outlines tell them apart.
    if (spec.series.length > 1)
      surface.line([...outline, [px(spec.edges[spec.edges.length - 1]), box.bottom]], colour, { width: 1.75, dash });
  });
  drawXAxis(surface, box, x);
  drawMarks(surface, box, spec.marks, { x: px, y: py });
}

/** [from, to] of every bar: series by series, category by category. A waterfall's last category is its total. */
export function barSpans({ kind, spec }: Bars): { categories: string[]; spans: [number, number][][] } {
  if (kind === "waterfall")
    return {
      categories: [...spec.categories, "total"],
      spans: spec.series.map(({ values }) => {
        let sum = 0;
        const steps = values.map((v): [number, number] => [sum, (sum += v)]);
        return [...steps, [0, sum]];
      }),
    };
  const tops = spec.categories.map(() => 0);
  return {
    categories: [...spec.categories],
    spans: spec.series.map(({ values }) =>
      values.map((v, i): [number, number] => (spec.stacked ? [tops[i], (tops[i] += v)] : [0, v])),
    ),
  };
}

export function drawBars(surface: Surface, description: Bars): void {
  const { kind, spec } = description;
  const { categories, spans } = barSpans(description);
  const log = spec.y.scale === "log";
  const ends = spans.flat(2).filter((v) => !log || v > 0);
  const y = scaleOf(spec.y, log ? { low: extent(ends).low / 3, high: extent(ends).high } : extent(ends), {
    zero: "always",
    ticks: 5,
  });
  const legend = spec.series.length > 1 ? spec.series.map((s) => s.name) : [];
  const box = plotBox(surface, y, legend, 38);
  drawLegend(surface, legend, "block");
  drawYAxis(surface, box, y);
  const py = (v: number) => (log && v <= 0 ? box.bottom : yOf(box, y)(v));
  const { factor } = displayUnit(spec.y.unit, y.high);
  const bands = drawBands(surface, box, categories);
  const across = spec.stacked ? 1 : spans.length;
  const width = bands.width / across;
  spans.forEach((bars, s) => {
    const { colour } = seriesStyle(s);
    bars.forEach(([from, to], i) => {
      const left = bands.left(i) + (spec.stacked ? 0 : s * width);
      const top = Math.min(py(from), py(to));
      const isTotal = kind === "waterfall" && i === bars.length - 1;
      const gap = across > 1 ? 1 : 0;
      surface.rect(
        left,
        top,
        width - gap,
        Math.max(Math.abs(py(from) - py(to)), 0.5),
        colour,
        kind === "waterfall" && !isTotal ? 0.6 : 1,
      );
      if (kind === "waterfall" && i + 1 < bars.length)
        surface.line(
          [
            [left + width - gap, py(to)],
            [bands.left(i + 1) + s * width, py(to)],
          ],
          "line-strong",
        );
      const label = formatNumber((to - from) * factor);
      if (!spec.stacked && textWidth(label, 11.5) < width + (across > 1 ? 0 : 8) && across * bars.length <= 24)
        surface.text([left + width / 2, to >= from ? top - 5 : Math.max(py(from), py(to)) + 13], label, {
          anchor: "middle",
          colour: "body",
          size: 11.5,
          halo: true,
        });
    });
  });
}
