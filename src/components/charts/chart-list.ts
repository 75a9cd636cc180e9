/** The charts of a run in the page: one place for each kind and title, redrawn where it stands, and a bounded number of them. */
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import "./perf-chart.ts";
import type { PerfChart } from "./perf-chart.ts";

/** What a lab itself keeps to; a page that is sent more leaves the rest out. */
const MOST = 24;

/** Draws the chart in `host`, in the place of the one of its kind and title where there is one. Null where there are too many. */
export function placeChart(host: Element, description: ChartDescription, origin: ChartOrigin): PerfChart | null {
  const there = [...host.querySelectorAll<PerfChart>("perf-chart")];
  let chart = there.find(({ description: d }) => d?.kind === description.kind && d.title === description.title);
  if (chart === undefined) {
    if (there.length >= MOST) return null;
    chart = document.createElement("perf-chart") as PerfChart;
    chart.dataset["kind"] = description.kind;
    const box = document.createElement("div");
    box.className = "lab-chart";
    box.append(chart);
    host.append(box);
  }
  chart.origin = origin;
  chart.description = description;
  return chart;
}
