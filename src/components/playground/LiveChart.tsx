/** A chart whose description changes under the reader's eye: the same element, drawn anew in place; one that is out of sight waits until things are at rest. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ChartDescription } from "../../engine/chart/types.ts";
import type { PerfChart } from "../charts/perf-chart.ts";
import "../charts/charts.css";

interface Props {
  readonly description: ChartDescription;
  /** Of the simulation that it shows. */
  readonly seed: number;
}

/** Milliseconds without another description after which a chart out of sight is drawn as well. */
const rest = 250;
/** What is less than half a window away counts as in sight. */
const near = { rootMargin: "50% 0px" };

export function LiveChart({ description, seed }: Props) {
  const origin = useMemo(() => ({ kind: "simulated", seed }) as const, [seed]);
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<PerfChart | null>(null);
  const inSight = useRef(true);
  useEffect(() => {
    const sight = new IntersectionObserver((entries) => {
      inSight.current = entries.at(-1)?.isIntersecting === true;
    }, near);
    if (host.current) sight.observe(host.current);
    return () => sight.disconnect();
  }, []);
  useEffect(() => {
    if (chart.current === null) {
      chart.current = document.createElement("perf-chart") as PerfChart;
      host.current?.append(chart.current);
      void import("../charts/perf-chart.ts");
    }
    const element = chart.current;
    let last = true;
    // Setting properties waits until the element is defined; a later description may have come by then.
    const show = () =>
      void customElements.whenDefined("perf-chart").then(() => last && Object.assign(element, { description, origin }));
    const timer = inSight.current ? undefined : setTimeout(show, rest);
    if (timer === undefined) show();
    return () => {
      last = false;
      clearTimeout(timer);
    };
  }, [description, origin]);
  return <div class="lab-chart" ref={host} data-chart={description.title} />;
}
