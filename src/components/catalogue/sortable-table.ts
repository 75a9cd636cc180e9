/** `<sortable-table>`: headings that sort the rows below, a field that finds rows, and both in the address. Without scripts the table is as it was. */
import { readChoices, writeChoices } from "../accuracy/choices.ts";
import { compareCells, nextOrder, type Order } from "./sorting.ts";

class SortableTable extends HTMLElement {
  connectedCallback(): void {
    const table = this.querySelector("table");
    const body = table?.tBodies[0];
    if (!table || !body || this.dataset["ready"] !== undefined) return;
    const rows = [...body.rows];
    const headings = [...(table.tHead?.rows[0]?.cells ?? [])];
    const name = this.id;
    const defaults = { [`${name}-sort`]: "", [`${name}-find`]: "" };
    const asked = readChoices(defaults, location.search);
    let order: Order | null = null;
    const field = this.querySelector<HTMLInputElement>("input");
    const found = this.querySelector<HTMLElement>("[role=status]");

    const keep = (): void => {
      const sort = order === null ? "" : `${order.down ? "-" : ""}${headings[order.column]?.dataset["column"] ?? ""}`;
      const choices = { [`${name}-sort`]: sort, [`${name}-find`]: field?.value ?? "" };
      const search = writeChoices(choices, defaults, location.search);
      history.replaceState(history.state, "", `${location.pathname}${search}${location.hash}`);
    };
    const sortBy = (next: Order): void => {
      order = next;
      headings.forEach((heading, i) => {
        if (i === next.column) heading.setAttribute("aria-sort", next.down ? "descending" : "ascending");
        else heading.removeAttribute("aria-sort");
      });
      const key = (row: HTMLTableRowElement): string => row.cells[next.column]?.dataset["value"] ?? "";
      body.append(...rows.toSorted((a, b) => compareCells(key(a), key(b), next.down)));
    };
    const find = (): void => {
      const words = (field?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = (row.textContent ?? "").toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown++;
      }
      if (found)
        found.textContent =
          shown === rows.length
            ? `${rows.length} rows`
            : shown === 0
              ? "No row has all of these words."
              : `${shown} of ${rows.length} rows`;
    };

    headings.forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      button.addEventListener("click", () => {
        sortBy(nextOrder(order, column, heading.dataset["numeric"] !== undefined));
        keep();
      });
      heading.append(button);
      const { [`${name}-sort`]: sort = "" } = asked;
      const id = heading.dataset["column"];
      if (id !== undefined && id !== "" && (sort === id || sort === `-${id}`))
        sortBy({ column, down: sort.startsWith("-") });
    });
    if (field) {
      field.value = asked[`${name}-find`] ?? "";
      field.addEventListener("input", () => {
        find();
        keep();
      });
      field.closest<HTMLElement>("[hidden]")?.removeAttribute("hidden");
    }
    find();
    this.dataset["ready"] = "";
  }
}

if (!customElements.get("sortable-table")) customElements.define("sortable-table", SortableTable);
