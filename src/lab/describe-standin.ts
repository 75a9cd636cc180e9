/** Until src/engine/chart has its builders: descriptions with the plainest finding and table. */
import type {
  CategoryChart,
  ChartDescription,
  DistributionChart,
  GridChart,
  RunChart,
  SeriesChart,
  TableChart,
} from "../engine/chart/types.ts";
import type { Run } from "../engine/run.ts";

const series =
  (kind: "line" | "scatter") =>
  (spec: SeriesChart): ChartDescription => ({
    kind,
    title: spec.title,
    finding: `${spec.series.length} series.`,
    spec,
    table: {
      columns: ["series", spec.x.label, spec.y.label],
      rows: spec.series.flatMap((s) => s.points.map((p) => [s.name, p.x, p.y])),
    },
  });
const samples =
  (kind: "ecdf" | "percentiles" | "histogram") =>
  (spec: DistributionChart): ChartDescription => ({
    kind,
    title: spec.title,
    finding: `${spec.samples.length} samples.`,
    spec,
    table: { columns: ["sample", "n"], rows: spec.samples.map((s) => [s.name, s.values.length]) },
  });
const category =
  (kind: "bars" | "waterfall") =>
  (spec: CategoryChart): ChartDescription => ({
    kind,
    title: spec.title,
    finding: `${spec.categories.length} categories.`,
    spec,
    table: {
      columns: ["", ...spec.series.map((s) => s.name)],
      rows: spec.categories.map((c, i) => [c, ...spec.series.map((s) => s.values[i] ?? 0)]),
    },
  });
const empty = (title: string): ChartDescription => ({
  kind: "table",
  title,
  finding: "",
  table: { columns: [], rows: [] },
  spec: { title, columns: [], rows: [] },
});
export const line = series("line");
export const scatter = series("scatter");
export const ecdf = samples("ecdf");
export const percentiles = samples("percentiles");
export const histogram = samples("histogram");
export const bars = category("bars");
export const waterfall = category("waterfall");
export const heatmap = (c: GridChart): ChartDescription => empty(c.title);
export const table = (spec: TableChart): ChartDescription => ({
  kind: "table",
  title: spec.title,
  finding: "",
  table: { columns: spec.columns, rows: spec.rows },
  spec,
});
export const timeline = (_run: Run, c?: RunChart): ChartDescription => empty(c?.title ?? "");
export const gantt = (_run: Run, c?: RunChart): ChartDescription => empty(c?.title ?? "");
export const blocks = (_run: Run, c?: RunChart): ChartDescription => empty(c?.title ?? "");
