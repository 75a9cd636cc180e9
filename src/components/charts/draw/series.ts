/** Lines, scatters, distribution functions and percentile plots. */
import type { ChartDescription, Point } from "../../../engine/chart/types.ts";
import { seriesExtents } from "../extents.ts";
import { legendOf } from "../legend.ts";
import { percentileScale, scaleOf, type Scale } from "../scale.ts";
import { seriesStyles } from "../series-style.ts";
import type { Place, Surface } from "../surface.ts";
import type { Drawing, View } from "../view.ts";
import { drawLegend, drawMarks, drawXAxis, drawYAxis, plotBox, xOf, yOf } from "./frame.ts";
import { thinCloud, thinPath, window } from "./lines.ts";
import { LABEL_SIZE, placeLabels } from "./point-labels.ts";

type SeriesDescription = Extract<ChartDescription, { kind: "line" | "scatter" | "ecdf" | "percentiles" }>;

/** Points of a series up to which each gets a dot, and its name where it has one. */
export const DOTS = 40;
/** Points of a scatter beyond which they are a cloud. */
const CLOUD = 3000;
/** Points that lie on the edge are shown whole. */
const EDGE = 6;

export function seriesScales(description: SeriesDescription, view: View): { x: Scale; y: Scale } {
  const { kind, spec } = description;
  const { x, y } = seriesExtents(description);
  return {
    x:
      kind === "percentiles"
        ? percentileScale(spec.x, x, view.x)
        : scaleOf(spec.x, x, { zero: "near", tight: kind !== "scatter", zoom: view.x }),
    y:
      kind === "ecdf"
        ? scaleOf(spec.y, { low: 0, high: 1 }, { ticks: 4, zoom: view.y })
        : scaleOf(spec.y, y, { zero: "near", ticks: 5, zoom: view.y }),
  };
}

export function drawSeries(surface: Surface, description: SeriesDescription, view: View): Drawing {
  const { kind, spec } = description;
  const { x, y } = seriesScales(description, view);
  const names = spec.series.map((s) => s.name);
  const legend = view.legend ? legendOf(description) : [];
  const box = plotBox(surface, y, legend);
  drawLegend(surface, legend, kind === "scatter" ? "dot" : kind === "line" ? "line" : "stroke");
  drawYAxis(surface, box, y);
  drawXAxis(surface, box, x);
  const [px, py] = [xOf(box, x), yOf(box, y)];
  const place = (p: Point): Place => [px(p.x), py(p.y)];
  const styles = seriesStyles(names);
  const width = box.right - box.left;
  const shown = spec.series.flatMap(({ points }, s) => (view.hidden.has(s) ? [] : [{ points, style: styles[s] }]));
  const named = shown.filter(({ points }) => points.length <= DOTS).flatMap(({ points }) => points);
  const paths: (readonly Place[])[] = [];

  surface.clip(
    { left: box.left - EDGE, top: box.top - EDGE, right: box.right + EDGE, bottom: box.bottom + EDGE },
    () => {
      for (const { points: all, style } of shown) {
        const { colour, dash, shape } = style;
        if (kind === "scatter") {
          const opacity = all.length > 200 ? 0.45 : 0.85;
          const places = thinCloud(all.map(place));
          // In a cloud nobody sees a shape, and squares are drawn ten times as fast.
          if (places.length > CLOUD) for (const [x, y] of places) surface.rect(x - 1.5, y - 1.5, 3, 3, colour, opacity);
          else for (const at of places) surface.dot(at, shape, colour, { radius: 2.8, opacity });
          continue;
        }
        const [from, to] = window({ length: all.length, at: (i) => all[i].x }, x.low, x.high);
        const points = from === 0 && to === all.length ? all : all.slice(from, to);
        const banded = kind === "line" ? points.filter((p) => p.low !== undefined || p.high !== undefined) : [];
        if (banded.length > 1) {
          const edge = (read: (p: Point) => number) =>
            thinPath(
              banded.map((p): Place => [px(p.x), py(read(p))]),
              width,
            );
          surface.area([...edge((p) => p.high ?? p.y), ...edge((p) => p.low ?? p.y).toReversed()], colour, 0.16);
        }
        const path = kind === "ecdf" ? staircase(points.map(place), from === 0 ? py(0) : undefined) : points.map(place);
        const drawn = thinPath(path, width);
        paths.push(drawn);
        surface.line(drawn, colour, { width: 2, dash });
        if (kind === "line" && all.length <= DOTS) for (const p of points) surface.dot(place(p), shape, colour);
      }
    },
  );
  const inside = (at: Place) =>
    at[0] >= box.left - 1 && at[0] <= box.right + 1 && at[1] >= box.top - 1 && at[1] <= box.bottom + 1;
  const places = named.map((p) => ({ at: place(p), label: p.label })).filter(({ at }) => inside(at));
  for (const { at, label } of placeLabels(places, { ...box, right: surface.width }, paths))
    surface.text(at, label, { halo: true, size: LABEL_SIZE });
  drawMarks(surface, box, spec.marks, { x: px, y: py });
  return { panels: [{ box, x, y }] };
}

/** Up at each value, from `bottom` where the curve begins, then across to the next. */
function staircase(places: readonly Place[], bottom: number | undefined): Place[] {
  const out: Place[] = places.length > 0 && bottom !== undefined ? [[places[0][0], bottom]] : [];
  places.forEach(([x, y], i) => {
    out.push([x, y]);
    if (i + 1 < places.length) out.push([places[i + 1][0], y]);
  });
  return out;
}
