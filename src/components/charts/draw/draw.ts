/** Draws any chart on any surface. A table has no picture. */
import type { ChartDescription } from "../../../engine/chart/types.ts";
import type { Surface } from "../surface.ts";
import { wholeView, type Drawing, type View } from "../view.ts";
import { drawBars, drawHistogram } from "./bars.ts";
import { blockColumns, drawBlocks } from "./blocks.ts";
import { drawGantt } from "./gantt.ts";
import { drawHeatmap } from "./heatmap.ts";
import { drawSeries } from "./series.ts";
import { drawTimeline, STRIP } from "./timeline.ts";

export function draw(surface: Surface, description: ChartDescription, view: View = wholeView): Drawing {
  switch (description.kind) {
    case "line":
    case "scatter":
    case "ecdf":
    case "percentiles":
      return drawSeries(surface, description, view);
    case "histogram":
      return drawHistogram(surface, description, view);
    case "bars":
    case "waterfall":
      return drawBars(surface, description, view);
    case "heatmap":
      return drawHeatmap(surface, description);
    case "timeline":
      return drawTimeline(surface, description, view);
    case "gantt":
      return drawGantt(surface, description, view);
    case "blocks":
      return drawBlocks(surface, description);
    case "table":
      return { panels: [] };
  }
}

/** No picture is taller, whatever it shows. */
const TALLEST = 900;

/** How tall a chart is at a width, in pixels. */
export function heightOf(description: ChartDescription, width: number): number {
  const usual = Math.round(Math.min(400, Math.max(260, width * 0.5)));
  if (description.kind === "gantt") return Math.min(720, Math.max(160, description.spec.rows.length * 14 + 70));
  if (description.kind === "timeline")
    return Math.min(TALLEST, 130 * description.spec.panels.length + 50 + (description.spec.work ? STRIP : 0));
  if (description.kind === "heatmap") return Math.min(520, Math.max(200, description.spec.y.values.length * 34 + 90));
  if (description.kind === "blocks") {
    const columns = blockColumns(description, width);
    const rows = Math.ceil(description.spec.owners.length / columns);
    return Math.min(TALLEST, Math.ceil(rows * Math.min(14, width / columns)) + 24);
  }
  return usual;
}
