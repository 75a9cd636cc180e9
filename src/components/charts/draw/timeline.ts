/** Panels one above the other over the same time, and a strip that says what each step did. */
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { timelineExtents } from "../extents.ts";
import { scaleOf } from "../scale.ts";
import { seriesStyles } from "../series-style.ts";
import { textWidth, type Colour, type Place, type Surface } from "../surface.ts";
import type { Drawing, Panel, View } from "../view.ts";
import { drawXAxis, drawYAxis, xOf, yOf } from "./frame.ts";
import { thinColumn, window } from "./lines.ts";

type TimelineDescription = Extract<ChartDescription, { kind: "timeline" }>;
const TITLE = 30;
const FOOT = 40;
export const STRIP = 34;
const WORK = ["nothing ran", "decode", "prefill in the step"] as const;

export function drawTimeline(surface: Surface, description: TimelineDescription, view: View): Drawing {
  const { spec } = description;
  const extents = timelineExtents(description);
  const x = scaleOf(spec.x, extents.x, { tight: true, zoom: view.x });
  const scales = spec.panels.map((panel, p) => scaleOf(panel.y, extents.panels[p], { zero: "always", ticks: 3 }));
  const widest = Math.max(...scales.flatMap((y) => y.ticks.map((t) => textWidth(y.label(t)))), 8);
  const left = Math.ceil(Math.min(widest, surface.width / 3)) + 8;
  const right = surface.width - 10;
  const strip = spec.work ? STRIP : 0;
  const each = (surface.height - FOOT - strip) / Math.max(1, spec.panels.length);
  const [from, to] = window({ length: spec.t.length, at: (i) => spec.t[i] }, x.low, x.high);
  const foot = { left, top: 0, right, bottom: surface.height - FOOT };
  const px = xOf(foot, x);
  // Places of the moments in sight, and of one beyond, for all panels.
  const xs = new Float64Array(spec.t.length);
  for (let i = from; i < Math.min(to + 1, xs.length); i++) xs[i] = px(spec.t[i]);
  const styles = seriesStyles(spec.panels.map((p) => p.y.label));
  const panels = spec.panels.map(({ values }, p): Panel => {
    const box = { left, top: p * each + TITLE, right, bottom: (p + 1) * each };
    drawYAxis(surface, box, scales[p]);
    const py = yOf(box, scales[p]);
    const path = thinColumn(xs, values, from, to).flatMap((i): Place[] => {
      const y = py(values[i]);
      return [
        [xs[i], y],
        [xs[Math.min(i + 1, xs.length - 1)], y],
      ];
    });
    surface.clip({ ...box, top: box.top - 2, bottom: box.bottom + 1 }, () => {
      if (path.length > 0)
        surface.area(
          [[path[0][0], box.bottom], ...path, [path[path.length - 1][0], box.bottom]],
          styles[p].colour,
          0.18,
        );
      surface.line(path, styles[p].colour, { width: 1.5 });
    });
    const ends: Place[] = [
      [box.left, box.bottom],
      [box.right, box.bottom],
    ];
    surface.line(ends, "line-strong");
    return { box, x, y: scales[p] };
  });
  if (spec.work) drawWork(surface, spec.work, xs, [from, to], foot);
  drawXAxis(surface, foot, x);
  return { panels };
}

/** One stroke a pixel at most: the busiest step under it. */
function drawWork(
  surface: Surface,
  work: Uint8Array,
  xs: Float64Array,
  [from, to]: [number, number],
  box: { readonly left: number; readonly right: number; readonly bottom: number },
): void {
  const y = box.bottom - 12;
  const [, decode, prefill] = ["line", ...seriesStyles(["decode", "prefill"]).map((s) => s.colour)] as Colour[];
  let x = box.left;
  WORK.slice(1).forEach((name, i) => {
    surface.rect(x, y - 14, 9, 9, [decode, prefill][i]);
    surface.text([x + 13, y - 6], name, { size: 11.5 });
    x += textWidth(name, 11.5) + 30;
  });
  const until = (at: number) => Math.min(box.right, xs[Math.min(at, xs.length - 1)]);
  for (let i = from; i < to;) {
    const start = Math.max(box.left, xs[i]);
    let most = work[i];
    let end = i + 1;
    while (end < to && (xs[end] < start + 1 || work[end] === most)) most = Math.max(most, work[end++]);
    const width = until(end) - start;
    if (most > 0 && width > 0) surface.rect(start, y, Math.max(width, 0.5), 9, most === 2 ? prefill : decode);
    i = end;
  }
}
