/** Charts made of charts: several runs in one picture, and a value drawn into it. */
import { add } from "./sums.ts";
import { seriesTable } from "./series-table.ts";
import { listed } from "./format.ts";
import type { Axis, ChartDescription } from "./types.ts";

/** A chart of one run, and what that run is called. */
export interface NamedChart {
  readonly name: string;
  readonly chart: ChartDescription;
}

/** Runs beyond which their lines can't be told apart. */
const MOST = 8;

type SeriesDescription = Extract<ChartDescription, { kind: "line" | "scatter" | "ecdf" | "percentiles" }>;
type BarDescription = Extract<ChartDescription, { kind: "bars" | "waterfall" }>;

/**
 * The same chart of several runs, one over the other; each series carries the name of its run. Null where pictures can't be laid over
 * each other: charts of one run, or of different kinds or axes. Lines, scatters, distributions and bars can.
 */
export function overlay(charts: readonly NamedChart[]): ChartDescription | null {
  const some = charts.slice(0, MOST);
  const first = some[0]?.chart;
  if (first === undefined || some.some(({ chart }) => chart.kind !== first.kind)) return null;
  const finding = `${first.title}, of ${listed(some.map(({ name }) => name))}.`;
  switch (first.kind) {
    case "line":
    case "scatter":
    case "ecdf":
    case "percentiles":
      return overSeries(some as readonly { name: string; chart: typeof first }[], finding);
    case "bars":
      return overBars(some as readonly { name: string; chart: typeof first }[], finding);
    default:
      return null;
  }
}

/** "baseline", or "baseline · 512 tokens" where a run has several series. */
function named(run: string, series: string, of: number): string {
  return (of > 1 ? `${run} · ${series}` : run).slice(0, 200);
}

function sameAxis(a: Axis, b: Axis): boolean {
  return a.label === b.label && a.unit === b.unit && a.scale === b.scale;
}

function overSeries(
  runs: readonly { name: string; chart: SeriesDescription }[],
  finding: string,
): ChartDescription | null {
  const { chart } = runs[0];
  const { x, y } = chart.spec;
  if (!runs.every(({ chart: { spec } }) => sameAxis(spec.x, x) && sameAxis(spec.y, y))) return null;
  const series = runs.flatMap(({ name, chart: { spec } }) =>
    spec.series.map((s) => ({ ...s, name: named(name, s.name, spec.series.length) })),
  );
  const spec = { ...chart.spec, series };
  if (chart.kind === "line" || chart.kind === "scatter")
    return { kind: chart.kind, title: chart.title, finding, table: seriesTable(x, y, series), spec };
  // One row a percentile in each of their tables: the columns stand side by side.
  const unit = (chart.kind === "ecdf" ? x : y).unit;
  return {
    kind: chart.kind,
    title: chart.title,
    finding,
    table: {
      columns: [chart.table.columns[0], ...series.map(({ name }) => `${name}${unit ? ` (${unit})` : ""}`)],
      rows: chart.table.rows.map((row, r) => [
        row[0],
        ...runs.flatMap(({ chart: c }) => c.table.rows[r]?.slice(1) ?? ""),
      ]),
    },
    spec,
  };
}

function overBars(runs: readonly { name: string; chart: BarDescription }[], finding: string): ChartDescription | null {
  const { chart } = runs[0];
  const { y, categories } = chart.spec;
  const same = runs.every(
    ({ chart: { spec } }) =>
      sameAxis(spec.y, y) &&
      spec.categories.length === categories.length &&
      spec.categories.every((name, i) => name === categories[i]),
  );
  if (!same) return null;
  // Stacks of several runs side by side would need two legends: each run is shown by its totals.
  const series = runs.flatMap(({ name, chart: { spec } }) =>
    spec.stacked
      ? [{ name, values: categories.map((_, i) => spec.series.reduce((sum, s) => add(sum, s.values[i]), 0)) }]
      : spec.series.map((s) => ({ ...s, name: named(name, s.name, spec.series.length) })),
  );
  const unit = y.unit ? ` (${y.unit})` : "";
  return {
    kind: "bars",
    title: chart.title,
    finding,
    table: {
      columns: ["", ...series.map(({ name }) => name + unit)],
      rows: categories.map((name, i) => [name, ...series.map((s) => s.values[i])]),
    },
    spec: { ...chart.spec, stacked: false, series },
  };
}

/**
 * The chart with a value marked in it: a rule across at `y`, or up at `x`, and its label, such as what was predicted. As it was where
 * this kind of chart has no such axis, or the value no place on it.
 */
export function withMark(
  description: ChartDescription,
  mark: { readonly x?: number; readonly y?: number; readonly label: string },
): ChartDescription {
  const fits = (axis: Axis | undefined, value: number | undefined) =>
    axis !== undefined && value !== undefined && Number.isFinite(value) && (axis.scale !== "log" || value > 0);
  const label = mark.label.slice(0, 200);
  switch (description.kind) {
    case "line":
    case "scatter":
    case "ecdf":
    case "percentiles": {
      const { spec } = description;
      if (!(mark.x === undefined ? fits(spec.y, mark.y) : fits(spec.x, mark.x))) return description;
      return { ...description, spec: { ...spec, marks: [...(spec.marks ?? []), { ...mark, label }] } };
    }
    case "histogram": {
      const { spec } = description;
      if (mark.x === undefined || !fits(spec.x, mark.x)) return description;
      return { ...description, spec: { ...spec, marks: [...(spec.marks ?? []), { x: mark.x, label }] } };
    }
    case "bars":
    case "waterfall": {
      const { spec } = description;
      if (mark.y === undefined || !fits(spec.y, mark.y)) return description;
      return { ...description, spec: { ...spec, marks: [...(spec.marks ?? []), { y: mark.y, label }] } };
    }
    default:
      return description;
  }
}
