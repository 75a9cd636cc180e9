/** A chart whose description changes under the reader's eye: the same element, drawn anew in place. */
import { useEffect, useRef } from "preact/hooks";
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import type { PerfChart } from "../charts/perf-chart.ts";
import "../charts/charts.css";

export function LiveChart({
  description,
  origin,
}: {
  readonly description: ChartDescription;
  readonly origin: ChartOrigin;
}) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<PerfChart | null>(null);
  useEffect(() => {
    if (chart.current === null) {
      chart.current = document.createElement("perf-chart") as PerfChart;
      host.current?.append(chart.current);
      void import("../charts/perf-chart.ts");
    }
    const element = chart.current;
    let last = true;
    // Setting properties waits until the element is defined; a later description may have come by then.
    void customElements.whenDefined("perf-chart").then(() => last && Object.assign(element, { description, origin }));
    return () => void (last = false);
  }, [description, origin]);
  return <div class="lab-chart" ref={host} data-chart={description.title} />;
}
