/** Charts as data: what is shown, in which unit, and the one sentence it says. Drawing happens elsewhere. */
export interface Axis {
  label: string;
  /** Of the data. Seconds ("s") and bytes ("B") are shown as ms, µs, kB … GB where that reads better; the data stay as they are. */
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
  /** The sentence under the chart, instead of the one that is worked out. */
  says?: string;
  x: Axis;
  y: Axis;
  series: readonly { name: string; points: readonly Point[] }[];
  marks?: readonly { x?: number; y?: number; label: string }[];
}
export interface DistributionChart {
  title: string;
  /** The sentence under the chart, instead of the one that is worked out. */
  says?: string;
  x: Axis;
  samples: readonly { name: string; values: ArrayLike<number> }[];
  marks?: readonly { x: number; label: string }[];
}
export interface CategoryChart {
  title: string;
  /** The sentence under the chart, instead of the one that is worked out. */
  says?: string;
  y: Axis;
  categories: readonly string[];
  series: readonly { name: string; values: readonly number[] }[];
  stacked?: boolean;
  /** Values to compare the bars with. */
  marks?: readonly { y: number; label: string }[];
}
export interface GridChart {
  title: string;
  /** The sentence under the chart, instead of the one that is worked out. */
  says?: string;
  x: Axis & { values: readonly number[] };
  y: Axis & { values: readonly number[] };
  z: Axis;
  /** Row by row; NaN where there is no value. */
  values: ArrayLike<number>;
}
export interface TableChart {
  title: string;
  /** The sentence under the chart, instead of the one that is worked out. */
  says?: string;
  columns: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}
/** What charts of a Run take. */
export interface RunChart {
  title?: string;
  /** The sentence under the chart, instead of the one that is worked out. */
  says?: string;
}
export interface GanttChart extends RunChart {
  /** From the first to before the second. Default: the first 40. */
  requests?: [number, number];
}
export interface BlocksChart extends RunChart {
  /** Seconds from the start of the run. Default: when most blocks are in use. */
  at?: number;
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
  /** Said above the table where it holds less than was given. */
  readonly note?: string;
}

/** A distribution, counted: bin i reaches from edges[i] to edges[i + 1]. */
export interface HistogramSpec {
  readonly x: Axis;
  readonly y: Axis;
  readonly edges: readonly number[];
  readonly series: readonly { readonly name: string; readonly counts: readonly number[] }[];
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
}

/** Panels one above the other over the same time, and below them what each step did. */
export interface TimelineSpec {
  readonly x: Axis;
  readonly t: ArrayLike<number>;
  readonly panels: readonly { readonly y: Axis; readonly values: ArrayLike<number> }[];
  /** From each moment to the next: 0 nothing ran, 1 decode alone, 2 a step with prefill in it. */
  readonly work?: Uint8Array;
}

/** One row a request, one span a phase; seconds from the start of the run. */
export interface GanttSpec {
  readonly x: Axis;
  readonly kinds: readonly string[];
  readonly rows: readonly {
    readonly label: string;
    /** kind: index into `kinds`. */
    readonly spans: readonly { readonly from: number; readonly to: number; readonly kind: number }[];
  }[];
  /** A moment to mark; what comes after it is drawn faintly. */
  readonly now?: number;
}

/** A map of KV blocks, row by row; owners[i] is a request, or −1 for a free cell. */
export interface BlocksSpec {
  readonly columns: number;
  readonly owners: Int32Array;
  readonly blocksPerCell: number;
}

interface Described<Kind extends string, Spec> {
  readonly kind: Kind;
  readonly title: string;
  /** One sentence that says what the chart shows, for people who can't see it. */
  readonly finding: string;
  /** Said under the picture: what it leaves out. */
  readonly note?: string;
  readonly table: ChartTable;
  readonly spec: Spec;
}

/**
 * Everything a renderer needs, thinned to what a screen can show; plain data that survives structured cloning.
 * `ecdf`: y is a share, 0–1, and the line is a staircase. `percentiles`: x is 1 ÷ (1 − share) on a log scale, so that
 * p90, p99 and p99.9 are equally far apart (HdrHistogram's plot).
 */
export type ChartDescription =
  | Described<"line" | "scatter" | "ecdf" | "percentiles", SeriesChart>
  | Described<"histogram", HistogramSpec>
  | Described<"bars" | "waterfall", CategoryChart>
  | Described<"heatmap", GridChart>
  | Described<"table", TableChart>
  | Described<"timeline", TimelineSpec>
  | Described<"gantt", GanttSpec>
  | Described<"blocks", BlocksSpec>;
