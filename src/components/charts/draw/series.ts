/** Lines, scatters, distribution functions and percentile plots. */
import type { ChartDescription, Point } from "../../../engine/chart/types.ts";
import { extent, percentileScale, scaleOf } from "../scale.ts";
import { seriesStyle } from "../series-style.ts";
import type { Place, Surface } from "../surface.ts";
import { drawLegend, drawMarks, drawXAxis, drawYAxis, plotBox, xOf, yOf } from "./frame.ts";
import { LABEL_SIZE, placeLabels } from "./point-labels.ts";

type SeriesDescription = Extract<ChartDescription, { kind: "line" | "scatter" | "ecdf" | "percentiles" }>;

/** Points of a line up to which each gets a dot, and its name where it has one. */
export const DOTS = 40;

/** The scales of the chart, also for the renderer in the browser. */
export function seriesScales({ kind, spec }: SeriesDescription) {
  const points = spec.series.flatMap((s) => s.points);
  const marks = spec.marks ?? [];
  const xs = extent([...points.map((p) => p.x), ...marks.flatMap((m) => m.x ?? [])]);
  const ys = extent([...points.flatMap((p) => [p.y, p.low ?? p.y, p.high ?? p.y]), ...marks.flatMap((m) => m.y ?? [])]);
  return {
    x:
      kind === "percentiles"
        ? percentileScale(spec.x, xs)
        : scaleOf(spec.x, xs, { zero: "near", tight: kind !== "scatter" }),
    y:
      kind === "ecdf"
        ? scaleOf(spec.y, { low: 0, high: 1 }, { ticks: 4 })
        : scaleOf(spec.y, ys, { zero: "near", ticks: 5 }),
  };
}

export function drawSeries(surface: Surface, description: SeriesDescription): void {
  const { kind, spec } = description;
  const { x, y } = seriesScales(description);
  const legend = spec.series.length > 1 ? spec.series.map((s) => s.name) : [];
  const box = plotBox(surface, y, legend);
  drawLegend(surface, legend, kind === "scatter" ? "dot" : kind === "line" ? "line" : "stroke");
  drawYAxis(surface, box, y);
  drawXAxis(surface, box, x);
  const px = xOf(box, x);
  const py = yOf(box, y);
  const place = (p: Point): Place => [px(p.x), py(p.y)];

  spec.series.forEach(({ points }, s) => {
    const { colour, dash, shape } = seriesStyle(s);
    const banded = points.filter((p) => p.low !== undefined || p.high !== undefined);
    if (kind === "line" && banded.length > 1)
      surface.area(
        [
          ...banded.map((p): Place => [px(p.x), py(p.high ?? p.y)]),
          ...banded.map((p): Place => [px(p.x), py(p.low ?? p.y)]).reverse(),
        ],
        colour,
        0.16,
      );
    if (kind !== "scatter") {
      const steps = kind === "ecdf" ? staircase(points.map(place), box.bottom) : points.map(place);
      surface.line(steps, colour, { width: 2, dash });
    }
    if (kind === "scatter" || (kind === "line" && points.length <= DOTS))
      for (const p of points)
        surface.dot(
          place(p),
          shape,
          colour,
          kind === "scatter" ? { radius: 2.8, opacity: points.length > 200 ? 0.45 : 0.85 } : {},
        );
  });
  const named = spec.series
    .filter(({ points }) => points.length <= DOTS)
    .flatMap(({ points }) => points.map((p) => ({ at: place(p), label: p.label })));
  for (const { at, label } of placeLabels(named, box)) surface.text(at, label, { halo: true, size: LABEL_SIZE });
  drawMarks(surface, box, spec.marks, { x: px, y: py });
}

/** Up at each value, then across to the next. */
function staircase(places: readonly Place[], bottom: number): Place[] {
  const out: Place[] = places.length > 0 ? [[places[0][0], bottom]] : [];
  places.forEach(([x, y], i) => {
    out.push([x, y]);
    if (i + 1 < places.length) out.push([places[i + 1][0], y]);
  });
  return out;
}
