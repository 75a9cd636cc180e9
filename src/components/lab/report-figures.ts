/** Kept charts as figures of a report, in the page's colours. */
import type { ReportFigure } from "../../endpoint/report/report-html.ts";
import type { RunDataRecord } from "../../lab/storage.ts";
import { shownTable } from "../charts/cells.ts";
import { chartSvg } from "../charts/svg.ts";

/** A kept chart with its first 500 rows; `i` tells it from the other charts of the report. */
export function figureOf({ description }: RunDataRecord["charts"][number], i: number): ReportFigure {
  const table = shownTable(description);
  const rows = Array.from({ length: Math.min(table.rows, 500) }, (_, r) =>
    table.columns.map((_name, c) => table.cell(r, c)),
  );
  return {
    title: description.title,
    finding: description.finding,
    svg: description.kind === "table" ? "" : chartSvg(description, { id: `figure-${i}` }),
    columns: table.columns,
    rows,
  };
}

/** The page's colours as they are now, since a file by itself has none. */
export function rootStyle(): string {
  const style = getComputedStyle(document.documentElement);
  const names = [
    "paper",
    "raised",
    "sunken",
    "ink",
    "body",
    "muted",
    "line",
    "line-strong",
    "mark",
    "mark-ink",
    "mark-text",
  ];
  const series = Array.from({ length: 8 }, (_, i) => `series-${i + 1}`);
  return [...names, ...series].map((name) => `--${name}:${style.getPropertyValue(`--${name}`).trim()}`).join(";");
}
