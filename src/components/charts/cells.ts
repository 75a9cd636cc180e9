/** A chart's data as cells of a table and as CSV: on the page in the units of the picture, in files as they were given. */
import { axisTitle, formatCell } from "../../engine/chart/format.ts";
import type { Axis, ChartDescription, ChartTable } from "../../engine/chart/types.ts";
import {
  barExtents,
  ganttExtents,
  gridExtents,
  histogramExtents,
  inUnit,
  seriesExtents,
  shownIn,
  timelineExtents,
  type Shown,
} from "./extents.ts";

/** As shown: whole numbers in full, others to four digits. */
export function cellText(cell: string | number, shown?: Shown): string {
  if (typeof cell !== "number") return cell;
  return shown ? inUnit(cell, shown) : formatCell(cell);
}

/** A quantity that a column holds: which axis, and how the picture shows it. */
interface Measure {
  readonly axis: Axis;
  readonly shown: Shown;
}

/** The table as it stands on the page: its columns in the units of the picture's axes. */
export interface ShownTable {
  readonly columns: readonly string[];
  readonly rows: number;
  cell(row: number, column: number): string;
  isNumber(row: number, column: number): boolean;
  readonly note: string | undefined;
}

export function shownTable(description: ChartDescription): ShownTable {
  const { table } = description;
  const measures = measuresOf(description);
  const at = (row: number, column: number) => table.rows[row][column] ?? "";
  return {
    columns: headers(description, measures),
    rows: table.rows.length,
    cell: (row, column) => cellText(at(row, column), counted(description, row) ? undefined : measures[column]?.shown),
    isNumber: (row, column) => typeof at(row, column) === "number",
    note: table.note,
  };
}

/** Rows that count instead of measuring: the first of a table of percentiles says of how many values. */
function counted({ kind }: ChartDescription, row: number): boolean {
  return (kind === "ecdf" || kind === "percentiles") && row === 0;
}

function headers(description: ChartDescription, measures: readonly (Measure | undefined)[]): string[] {
  const { columns } = description.table;
  if (description.kind === "heatmap") {
    const { x, y, z } = description.spec;
    const extents = gridExtents(description);
    const [xIn, yIn, zIn] = [shownIn(x, extents.x), shownIn(y, extents.y), shownIn(z, extents.z)];
    return [`${titled(y, yIn)} ╲ ${titled(x, xIn)}: ${titled(z, zIn)}`, ...x.values.map((value) => inUnit(value, xIn))];
  }
  return columns.map((name, column) => {
    const measure = measures[column];
    const given = measure?.axis.unit ? ` (${measure.axis.unit})` : "";
    if (measure === undefined || given === "" || !name.endsWith(given)) return name;
    return `${name.slice(0, -given.length)} (${measure.shown.unit})`;
  });
}

function titled({ label }: Axis, { unit }: Shown): string {
  return axisTitle(unit === undefined ? { label } : { label, unit });
}

/** What each column holds; undefined for names, counts and the like, which are shown as they are. */
function measuresOf(description: ChartDescription): (Measure | undefined)[] {
  const { columns } = description.table;
  const from = (first: number, measure: Measure) => columns.map((_, c) => (c < first ? undefined : measure));
  switch (description.kind) {
    case "line":
    case "scatter": {
      const { spec } = description;
      const extents = seriesExtents(description);
      const x = { axis: spec.x, shown: shownIn(spec.x, extents.x) };
      const y = { axis: spec.y, shown: shownIn(spec.y, extents.y) };
      return [...(spec.series.length > 1 ? [undefined] : []), x, y, y, y];
    }
    case "ecdf":
    case "percentiles": {
      const { kind, spec } = description;
      const side = kind === "ecdf" ? "x" : "y";
      return from(1, { axis: spec[side], shown: shownIn(spec[side], seriesExtents(description)[side]) });
    }
    case "histogram": {
      const { x } = description.spec;
      const edge = { axis: x, shown: shownIn(x, histogramExtents(description).x) };
      return [edge, edge];
    }
    case "bars":
    case "waterfall": {
      const { y } = description.spec;
      return from(1, { axis: y, shown: shownIn(y, barExtents(description).y) });
    }
    case "heatmap": {
      const { y, z } = description.spec;
      const extents = gridExtents(description);
      const cells = from(1, { axis: z, shown: shownIn(z, extents.z) });
      return [{ axis: y, shown: shownIn(y, extents.y) }, ...cells.slice(1)];
    }
    case "timeline": {
      const { x } = description.spec;
      return [{ axis: x, shown: shownIn(x, timelineExtents(description).x) }];
    }
    case "gantt": {
      const { x } = description.spec;
      return from(1, { axis: x, shown: shownIn(x, ganttExtents(description).x) });
    }
    case "blocks":
    case "table":
      return [];
  }
}

/** RFC 4180, with every digit. A text that a spreadsheet would run as a formula is quoted with an apostrophe. */
export function toCsv({ columns, rows }: ChartTable): string {
  const field = (cell: string | number): string => {
    if (typeof cell === "number") return String(cell);
    const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns, ...rows].map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
}
