/** Requests as rows of phases. */
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { extent, scaleOf } from "../scale.ts";
import { seriesStyle } from "../series-style.ts";
import { textWidth, type Surface } from "../surface.ts";
import { drawLegend, drawXAxis, legendHeight, xOf } from "./frame.ts";

type GanttDescription = Extract<ChartDescription, { kind: "gantt" }>;

export function drawGantt(surface: Surface, { spec }: GanttDescription): void {
  const x = scaleOf(spec.x, extent([0, ...spec.rows.flatMap((r) => r.spans.flatMap((s) => [s.from, s.to]))]), {
    tight: true,
  });
  const top = legendHeight(surface.width, spec.kinds) + 8;
  const left = Math.max(...spec.rows.map((r) => textWidth(r.label)), textWidth("request")) + 8;
  const box = { left, top, right: surface.width - 10, bottom: surface.height - 40 };
  drawLegend(surface, spec.kinds, "block");
  const px = xOf(box, x);
  const height = (box.bottom - box.top) / spec.rows.length;
  const every = Math.ceil(15 / height);
  // Rows thinner than a pixel share one: every k-th is drawn.
  const stride = Math.max(1, Math.floor(1 / height));
  spec.rows.forEach(({ label, spans }, r) => {
    if (r % stride !== 0) return;
    const y = box.top + r * height;
    for (const { from, to, kind } of spans)
      surface.rect(
        px(from),
        y + height * 0.12,
        Math.max(px(to) - px(from), 0.75),
        Math.max(height * 0.76, 1),
        seriesStyle(kind).colour,
      );
    if (r % every === 0) surface.text([left - 6, y + height / 2 + 4], label, { anchor: "end", size: 11.5 });
  });
  drawXAxis(surface, box, x);
}
