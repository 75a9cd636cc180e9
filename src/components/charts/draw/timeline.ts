/** Panels one above the other over the same time. */
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { extent, scaleOf } from "../scale.ts";
import { seriesStyle } from "../series-style.ts";
import { textWidth, type Place, type Surface } from "../surface.ts";
import { drawXAxis, drawYAxis, xOf, yOf } from "./frame.ts";

type TimelineDescription = Extract<ChartDescription, { kind: "timeline" }>;
const TITLE = 30;
const FOOT = 40;

export function drawTimeline(surface: Surface, { spec }: TimelineDescription): void {
  const x = scaleOf(spec.x, extent(Array.from(spec.t)), { tight: true });
  const scales = spec.panels.map((p) => scaleOf(p.y, extent(Array.from(p.values)), { zero: "always", ticks: 3 }));
  const left = Math.ceil(Math.max(...scales.flatMap((y) => y.ticks.map((t) => textWidth(y.label(t)))), 8)) + 8;
  const each = (surface.height - FOOT) / spec.panels.length;
  spec.panels.forEach(({ values }, p) => {
    const box = { left, top: p * each + TITLE, right: surface.width - 10, bottom: (p + 1) * each };
    drawYAxis(surface, box, scales[p]);
    const px = xOf(box, x);
    const py = yOf(box, scales[p]);
    const { colour } = seriesStyle(p);
    const steps = Array.from(values).flatMap((v, i): Place[] => [
      [px(spec.t[i]), py(v)],
      [px(spec.t[Math.min(i + 1, spec.t.length - 1)]), py(v)],
    ]);
    surface.area([[px(spec.t[0]), box.bottom], ...steps, [px(spec.t[spec.t.length - 1]), box.bottom]], colour, 0.18);
    surface.line(steps, colour, { width: 1.5 });
    if (p === spec.panels.length - 1) drawXAxis(surface, box, x);
    else
      surface.line(
        [
          [box.left, box.bottom],
          [box.right, box.bottom],
        ],
        "line-strong",
      );
  });
}
