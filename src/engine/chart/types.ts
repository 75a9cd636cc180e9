/** Charts as data: what is shown, in which unit, and the one sentence it says. Drawing happens elsewhere. */
import type { Run } from "../run.ts";

export interface Axis {
  label: string;
  unit?: string;
  scale?: "linear" | "log";
}
export interface Point {
  x: number;
  y: number;
  low?: number;
  high?: number;
  label?: string;
}
export interface SeriesChart {
  title: string;
  x: Axis;
  y: Axis;
  series: readonly { name: string; points: readonly Point[] }[];
  marks?: readonly { x?: number; y?: number; label: string }[];
}
export interface DistributionChart {
  title: string;
  x: Axis;
  samples: readonly { name: string; values: ArrayLike<number> }[];
  marks?: readonly { x: number; label: string }[];
}
export interface CategoryChart {
  title: string;
  y: Axis;
  categories: readonly string[];
  series: readonly { name: string; values: readonly number[] }[];
  stacked?: boolean;
}
export interface GridChart {
  title: string;
  x: Axis & { values: readonly number[] };
  y: Axis & { values: readonly number[] };
  z: Axis;
  values: ArrayLike<number>;
}
export interface TableChart {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}
export interface RunChart {
  title?: string;
}

/** What the data is, for the badge on every chart. */
export interface ChartOrigin {
  readonly kind: "simulated" | "measured" | "calculated";
  readonly seed?: number;
  readonly target?: string;
}

/** The same data, as rows for people and screen readers. */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

interface Described<Kind extends string, Spec> {
  readonly kind: Kind;
  readonly title: string;
  /** One sentence that says what the chart shows, for people who can't see it. */
  readonly finding: string;
  readonly table: ChartTable;
  readonly spec: Spec;
}

/** Everything a renderer needs; plain data that survives structured cloning. */
export type ChartDescription =
  | Described<"line" | "scatter", SeriesChart>
  | Described<"ecdf" | "percentiles" | "histogram", DistributionChart>
  | Described<"bars" | "waterfall", CategoryChart>
  | Described<"heatmap", GridChart>
  | Described<"table", TableChart>
  | Described<"timeline", { readonly timeline: NonNullable<Run["timeline"]> }>
  | Described<
      "gantt",
      {
        readonly rows: readonly {
          readonly label: string;
          readonly spans: readonly { readonly from: number; readonly to: number; readonly kind: string }[];
        }[];
      }
    >
  | Described<"blocks", { readonly columns: number; readonly owners: Int32Array }>;
