/** Requests as rows of phases. */
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { ganttExtents } from "../extents.ts";
import { legendOf } from "../legend.ts";
import { scaleOf, type Scale } from "../scale.ts";
import { seriesStyles } from "../series-style.ts";
import { textWidth, type Surface } from "../surface.ts";
import type { Drawing, View } from "../view.ts";
import { drawLegend, drawXAxis, legendHeight, xOf } from "./frame.ts";

type GanttDescription = Extract<ChartDescription, { kind: "gantt" }>;

/** How much is seen of what comes after the marked moment. */
const TO_COME = 0.22;

export function drawGantt(surface: Surface, description: GanttDescription, view: View): Drawing {
  const { spec } = description;
  const extents = ganttExtents(description);
  const x = scaleOf(spec.x, extents.x, { tight: true, zoom: view.x });
  const y = rowScale(extents.y, view);
  const legend = view.legend ? legendOf(description) : [];
  const top = legendHeight(surface.width, legend) + 8;
  const widest = spec.rows.reduce((most, r) => Math.max(most, textWidth(r.label)), textWidth("request"));
  const left = Math.min(widest, surface.width / 3) + 8;
  const box = { left, top, right: surface.width - 10, bottom: surface.height - 40 };
  drawLegend(surface, legend, "block");
  const px = xOf(box, x);
  const styles = seriesStyles(spec.kinds);
  const height = (box.bottom - box.top) / (y.high - y.low);
  const [first, last] = [Math.floor(y.low), Math.min(spec.rows.length, Math.ceil(y.high))];
  // Rows thinner than a pixel share one: every k-th is drawn, with its labels further apart.
  const stride = Math.max(1, Math.ceil(1 / height));
  const every = Math.ceil(15 / height / stride) * stride;
  const rowAt = (r: number) => box.top + (r - y.low) * height;
  surface.clip({ ...box, right: box.right + 1 }, () => {
    for (let r = Math.ceil(first / stride) * stride; r < last; r += stride)
      for (const { from, to, kind } of spec.rows[r].spans) {
        if (view.hidden.has(kind) || to < x.low || from > x.high) continue;
        const bar = (begin: number, end: number, opacity?: number) =>
          surface.rect(
            px(begin),
            rowAt(r) + height * 0.12,
            Math.max(px(end) - px(begin), 0.75),
            Math.max(height * 0.76, 1),
            styles[kind].colour,
            opacity,
          );
        const { now = Infinity } = spec;
        if (from < now) bar(from, Math.min(to, now));
        if (to > now) bar(Math.max(from, now), to, TO_COME);
      }
    if (spec.now !== undefined)
      surface.line(
        [
          [px(spec.now), box.top],
          [px(spec.now), box.bottom],
        ],
        "ink",
        { width: 1.5 },
      );
  });
  for (let r = Math.ceil(first / every) * every; r < last; r += every) {
    const at = rowAt(r) + height / 2;
    if (at > box.top - 2 && at < box.bottom + 2)
      surface.text([left - 6, at + 4], spec.rows[r].label, { anchor: "end", size: 11.5 });
  }
  if (stride > 1)
    surface.text([0, surface.height - 4], `1 of ${stride} requests drawn: zoom in for the others`, { size: 11.5 });
  drawXAxis(surface, box, x);
  return { panels: [{ box, x, y }] };
}

/** Rows count downwards; `at` is as on any axis, 0 at the bottom. */
function rowScale(rows: { low: number; high: number }, view: View): Scale {
  const { low, high } = view.y ?? rows;
  return {
    low,
    high,
    log: false,
    title: "request",
    shown: { unit: undefined, factor: 1 },
    ticks: [],
    at: (row) => 1 - (row - low) / (high - low),
    value: (share) => low + (1 - share) * (high - low),
    label: String,
  };
}
