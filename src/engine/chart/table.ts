/** A table as a chart of its own. */
import { InputError } from "../errors.ts";
import { optionsOf } from "../options.ts";
import { listed } from "./format.ts";
import type { ChartDescription, TableChart } from "./types.ts";
import { checkChart, checkList, checkNumber, checkSome, checkText } from "./validate.ts";

const MOST_ROWS = 2000;

const tableOptions = optionsOf<TableChart>({
  title: "anything",
  says: "anything",
  columns: "anything",
  rows: "anything",
});

/** Rows beyond 2,000 are left out, and the table says so. Throws InputError for what can't be shown. */
export function table(c: TableChart): ChartDescription {
  checkChart(c, tableOptions);
  checkText(c.title, "title");
  checkSome(c.columns, "columns", 40);
  c.columns.forEach((name: unknown, i) => {
    if (typeof name !== "string") throw new InputError(`columns[${i}]`, name, "a text");
  });
  checkList(c.rows, "rows");
  c.rows.forEach((row, r) => {
    checkList(row, `rows[${r}]`);
    if (row.length !== c.columns.length)
      throw new InputError(`the length of rows[${r}]`, row.length, `${c.columns.length}, one for each column`);
    row.forEach((cell, i) => {
      if (typeof cell !== "string") checkNumber(cell, {}, `rows[${r}][${i}]`);
    });
  });
  const rows = c.rows.slice(0, MOST_ROWS);
  const note =
    rows.length < c.rows.length ? { note: `Showing the first ${rows.length} of ${c.rows.length} rows.` } : {};
  const columns = c.columns.map((name) => name || "name");
  return {
    kind: "table",
    title: c.title,
    finding: c.says ?? `${c.rows.length} ${c.rows.length === 1 ? "row" : "rows"} of ${listed(columns)}.`,
    table: { columns: c.columns, rows, ...note },
    spec: { ...c, rows },
  };
}
