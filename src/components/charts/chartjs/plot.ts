/** Lines, distributions and bars by Chart.js, of which only what is used is bundled. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from "chart.js";
import type { ChartDescription } from "../../../engine/chart/types.ts";
import type { Plot } from "../plot.ts";
import { chartJsConfig, type ChartJsDescription } from "./config.ts";
import { themeOf } from "./theme.ts";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
);

export function mountPlot(host: HTMLElement, first: ChartDescription): Plot {
  const yTitle = document.createElement("p");
  yTitle.className = "chart-y";
  const box = document.createElement("div");
  box.className = "chart-box";
  const canvas = document.createElement("canvas");
  box.append(canvas);
  host.replaceChildren(yTitle, box);
  const build = (description: ChartDescription) => {
    const drawn = chartJsConfig(description as ChartJsDescription, themeOf(host));
    yTitle.textContent = drawn.yTitle;
    return drawn.config;
  };
  const annotated = hasNotes(first);
  const chart = new Chart(canvas, build(first));
  return {
    update(next) {
      // Notes live in a plugin that closes over them, so that only charts without any can be updated in place.
      if (next.kind !== first.kind || annotated || hasNotes(next)) return false;
      const config = build(next);
      chart.data = config.data;
      chart.options = config.options ?? {};
      chart.update("none");
      return true;
    },
    destroy() {
      chart.destroy();
      host.replaceChildren();
    },
  };
}

/** Marks, or points with names. */
function hasNotes({ spec }: ChartDescription): boolean {
  if ("marks" in spec && (spec.marks?.length ?? 0) > 0) return true;
  return "series" in spec && spec.series.some((s) => "points" in s && s.points.some((p) => p.label !== undefined));
}
