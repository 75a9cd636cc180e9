/** `chart.*` in a lab: builds the description and hands it to the page with where its data came from. */
import * as describe from "../engine/chart/index.ts";
import type {
  BlocksChart,
  CategoryChart,
  ChartDescription,
  ChartOrigin,
  DistributionChart,
  GanttChart,
  GridChart,
  RunChart,
  SeriesChart,
  TableChart,
} from "../engine/chart/types.ts";
import type { Run } from "../engine/run.ts";
import { insideLab, type LabContext } from "./context.ts";
import {
  drawableCategories,
  drawableGrid,
  drawableSamples,
  drawableSeries,
  drawableTable,
  type Drawable,
} from "./drawable.ts";
import { limits } from "./protocol.ts";
import { measureSize, sizeOfChart } from "./size.ts";

/**
 * Draws in the lab's results: one call, one chart; a chart of the same kind and title takes the place of the one before, so that
 * a picture can grow while the code runs. Seconds and bytes in; the axes show milliseconds where that reads better. Numbers that
 * have no place on an axis are left out, and the chart says so.
 */
export const chart = {
  line: (c: SeriesChart): void => emit("line", () => drawn(drawableSeries(c), describe.line)),
  scatter: (c: SeriesChart): void => emit("scatter", () => drawn(drawableSeries(c), describe.scatter)),
  ecdf: (c: DistributionChart): void => emit("ecdf", () => drawn(drawableSamples(c), describe.ecdf)),
  percentiles: (c: DistributionChart): void =>
    emit("percentiles", () => drawn(drawableSamples(c), describe.percentiles)),
  histogram: (c: DistributionChart): void => emit("histogram", () => drawn(drawableSamples(c), describe.histogram)),
  bars: (c: CategoryChart): void => emit("bars", () => categories(c, describe.bars)),
  waterfall: (c: CategoryChart): void => emit("waterfall", () => categories(c, describe.waterfall)),
  heatmap: (c: GridChart): void => emit("heatmap", () => drawn(drawableGrid(c), describe.heatmap)),
  table: (c: TableChart): void => emit("table", () => drawn(drawableTable(c), describe.table)),
  timeline: (run: Run, c?: RunChart): void => emit("timeline", () => describe.timeline(run, c), run),
  gantt: (run: Run, c?: GanttChart): void => emit("gantt", () => describe.gantt(run, c), run),
  blocks: (run: Run, c?: BlocksChart): void => emit("blocks", () => describe.blocks(run, c), run),
};

function drawn<Chart>({ chart: c, note }: Drawable<Chart>, how: (c: Chart) => ChartDescription): ChartDescription {
  const description = how(c);
  const said = [note, description.note].filter(Boolean).join(" ");
  return said ? { ...description, note: said } : description;
}

/** Where no category is left there are no bars, and the table says why. */
function categories(c: CategoryChart, how: (c: CategoryChart) => ChartDescription): ChartDescription {
  const drawable = drawableCategories(c);
  if (drawable.note === undefined || drawable.chart.categories.length > 0) return drawn(drawable, how);
  const { title, y } = drawable.chart;
  return drawn({ chart: { title, columns: ["", y?.label ?? "value"], rows: [] }, note: drawable.note }, describe.table);
}

function emit(name: string, build: () => ChartDescription, of?: Run): void {
  const lab = insideLab(`chart.${name}`);
  const places = placesOf(lab);
  const description = build();
  const key = `${description.kind} ${description.title}`;
  const known = places.get(key);
  if (known === undefined && places.size >= limits.charts) {
    if (places.full) return;
    places.full = true;
    console.warn(`A run draws up to ${limits.charts} charts: "${description.title}" and those after it are left out.`);
    return;
  }
  const place = known ?? { index: lab.charts.length, due: 0, waiting: false, send: () => undefined };
  places.set(key, place);
  lab.charts[place.index] = description;
  const origin = originOf(lab, of);
  place.send = () => {
    place.due = Date.now() + restOf(description);
    lab.emit(description, origin);
  };
  if (place.waiting) return;
  const early = place.due - Date.now();
  if (early <= 0) return place.send();
  place.waiting = true;
  setTimeout(() => {
    place.waiting = false;
    place.send();
  }, early);
}

/** Where a chart stands among the lab's, and when it may be drawn again. */
interface Place {
  readonly index: number;
  due: number;
  waiting: boolean;
  send: () => void;
}

class Places extends Map<string, Place> {
  full = false;
}

const labs = new WeakMap<LabContext, Places>();

function placesOf(lab: LabContext): Places {
  const places = labs.get(lab) ?? new Places();
  labs.set(lab, places);
  return places;
}

/** Milliseconds before a chart that changes is sent again: some ten times a second, less often where it is large. */
function restOf(description: ChartDescription): number {
  const size = measureSize(description, sizeOfChart);
  return 100 + ("bytes" in size ? size.bytes : sizeOfChart.bytes) / 1000;
}

/** A chart is as measured as the Runs made so far: one measured Run makes it so, none makes it a calculation. */
function originOf(lab: LabContext, of?: Run): ChartOrigin {
  const run = of ?? lab.runs.find(({ origin }) => origin.kind === "measured") ?? lab.runs.at(-1);
  if (run === undefined) return { kind: "calculated" };
  if (run.origin.kind === "measured")
    return { kind: "measured", target: run.measurement?.server?.simulated ? "simulated endpoint" : run.origin.target };
  return { kind: "simulated", seed: run.origin.seed };
}
