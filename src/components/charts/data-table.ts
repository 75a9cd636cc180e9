/** The data of a chart as a real table, filled when it is first looked at: the first rows, and the others on request. */
import { onlyBare } from "../../lab/phrases.ts";
import { say } from "../language/page-words.ts";
import type { ShownTable } from "./cells.ts";

/** Cells, and rows, that are put on the page at once; a page of more answers slowly. */
const CELLS = 3000;
const ROWS = 500;

export function dataTable(shown: ShownTable): DocumentFragment {
  const fragment = document.createDocumentFragment();
  if (shown.note) fragment.append(Object.assign(document.createElement("p"), { textContent: shown.note }));
  const table = document.createElement("table");
  table.className = "chart-table";
  const head = table.createTHead().insertRow();
  for (const name of shown.columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    if (name) cell.textContent = onlyBare(say)(name);
    else cell.append(Object.assign(document.createElement("span"), { className: "sr-only", textContent: say("name") }));
    head.append(cell);
  }
  const body = table.createTBody();
  const atOnce = Math.min(ROWS, Math.max(3, Math.floor(CELLS / Math.max(1, shown.columns.length))));
  let filled = fill(body, shown, 0, atOnce);
  fragment.append(table);
  if (filled < shown.rows) {
    const more = document.createElement("button");
    more.type = "button";
    more.className = "chart-more";
    const words = () =>
      say(`Show ${Math.min(atOnce, shown.rows - filled)} more of ${shown.rows} rows; the CSV has them all`);
    more.textContent = words();
    more.addEventListener("click", () => {
      filled = fill(body, shown, filled, atOnce);
      if (filled < shown.rows) more.textContent = words();
      else more.remove();
    });
    fragment.append(more);
  }
  return fragment;
}

function fill(body: HTMLTableSectionElement, shown: ShownTable, from: number, count: number): number {
  const to = Math.min(shown.rows, from + count);
  for (let r = from; r < to; r++) {
    const line = body.insertRow();
    for (let c = 0; c < shown.columns.length; c++) {
      const cell = line.insertCell();
      cell.textContent = onlyBare(say)(shown.cell(r, c));
      if (shown.isNumber(r, c)) cell.className = "number";
    }
  }
  return to;
}
