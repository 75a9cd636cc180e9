/** `chart.*` in a lab: builds the description and hands it to the page with where its data came from. */
import * as describe from "../engine/chart/index.ts";
import type {
  CategoryChart,
  ChartDescription,
  ChartOrigin,
  DistributionChart,
  GridChart,
  SeriesChart,
  TableChart,
} from "../engine/chart/types.ts";
import type { Run } from "../engine/run.ts";
import { insideLab, type LabContext } from "./context.ts";

/** Draws in the lab's results: one call, one chart. Seconds and bytes in; the axes show milliseconds where that reads better. */
export const chart = {
  line: (c: SeriesChart): void => emit("line", describe.line(c)),
  scatter: (c: SeriesChart): void => emit("scatter", describe.scatter(c)),
  ecdf: (c: DistributionChart): void => emit("ecdf", describe.ecdf(c)),
  percentiles: (c: DistributionChart): void => emit("percentiles", describe.percentiles(c)),
  histogram: (c: DistributionChart): void => emit("histogram", describe.histogram(c)),
  bars: (c: CategoryChart): void => emit("bars", describe.bars(c)),
  waterfall: (c: CategoryChart): void => emit("waterfall", describe.waterfall(c)),
  heatmap: (c: GridChart): void => emit("heatmap", describe.heatmap(c)),
  table: (c: TableChart): void => emit("table", describe.table(c)),
  timeline: (run: Run, c?: { title?: string }): void => emit("timeline", describe.timeline(run, c), run),
  gantt: (run: Run, c?: { title?: string; requests?: [number, number] }): void =>
    emit("gantt", describe.gantt(run, c), run),
  blocks: (run: Run, c?: { title?: string; at?: number }): void => emit("blocks", describe.blocks(run, c), run),
};

function emit(name: string, description: ChartDescription, of?: Run): void {
  const lab = insideLab(`chart.${name}`);
  lab.charts.push(description);
  lab.emit(description, originOf(lab, of));
}

/** A chart is as measured as the Runs made so far: one measured Run makes it so, none makes it a calculation. */
function originOf(lab: LabContext, of?: Run): ChartOrigin {
  const run = of ?? lab.runs.find(({ origin }) => origin.kind === "measured") ?? lab.runs.at(-1);
  if (run === undefined) return { kind: "calculated" };
  if (run.origin.kind === "measured") return { kind: "measured", target: run.origin.target };
  return { kind: "simulated", seed: run.origin.seed };
}
