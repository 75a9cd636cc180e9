/** The data of a chart as a real table, filled when it is first looked at. */
import type { ChartTable } from "../../engine/chart/types.ts";
import { cellText } from "./cells.ts";

export function dataTable({ columns, rows, note }: ChartTable): DocumentFragment {
  const fragment = document.createDocumentFragment();
  if (note) fragment.append(Object.assign(document.createElement("p"), { textContent: note }));
  const table = document.createElement("table");
  table.className = "chart-table";
  const head = table.createTHead().insertRow();
  for (const name of columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    if (name) cell.textContent = name;
    else cell.append(Object.assign(document.createElement("span"), { className: "sr-only", textContent: "name" }));
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const value of row) {
      const cell = line.insertCell();
      cell.textContent = cellText(value);
      if (typeof value === "number") cell.className = "number";
    }
  }
  fragment.append(table);
  return fragment;
}
