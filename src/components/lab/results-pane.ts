/** The charts of a run, each a <perf-chart>. */
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import type { PerfChart } from "../charts/perf-chart.ts";
import { make } from "./parts.ts";

/** Draws the chart under `host`. */
export function addChart(host: HTMLElement, description: ChartDescription, origin: ChartOrigin): void {
  const chart = document.createElement("perf-chart") as PerfChart;
  chart.dataset["kind"] = description.kind;
  chart.origin = origin;
  chart.description = description;
  host.append(make("div", "lab-chart", chart));
}
