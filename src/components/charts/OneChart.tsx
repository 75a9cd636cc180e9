/** A <perf-chart> in a Preact tree, for a description that does not change under the reader's eye; the drawing code comes with it. */
import { useEffect, useRef } from "preact/hooks";
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import type { PerfChart } from "./perf-chart.ts";
import "./charts.css";

interface Props {
  readonly description: ChartDescription;
  /** What the data are; null for a chart of the reader's own doings. */
  readonly origin: ChartOrigin | null;
  readonly class?: string;
}

export function OneChart({ description, origin, class: name }: Props) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const chart = document.createElement("perf-chart") as PerfChart;
    void import("./perf-chart.ts").then(() => Object.assign(chart, { description, origin }));
    host.current?.replaceChildren(chart);
  }, [description, origin]);
  return <div class={name} ref={host} />;
}
