/** Timelines, Gantt charts, heat maps and block maps on our own canvas: no more rectangles than pixels. */
import type { ChartDescription } from "../../engine/chart/types.ts";
import { canvasSurface } from "./canvas-surface.ts";
import { draw, heightOf } from "./draw/draw.ts";
import type { Plot } from "./plot.ts";

export function mountPlot(host: HTMLElement, first: ChartDescription): Plot {
  let description = first;
  const canvas = document.createElement("canvas");
  host.replaceChildren(canvas);
  let width = 0;
  const paint = () => {
    width = Math.floor(host.clientWidth);
    if (width > 0) draw(canvasSurface(canvas, width, heightOf(description, width)), description);
  };
  const resized = new ResizeObserver(() => {
    if (Math.floor(host.clientWidth) !== width) paint();
  });
  paint();
  resized.observe(host);
  return {
    update(next) {
      description = next;
      paint();
      return true;
    },
    destroy() {
      resized.disconnect();
      canvas.remove();
    },
  };
}
