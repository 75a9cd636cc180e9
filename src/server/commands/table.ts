/** A plain table for the terminal, coloured only where colour is shown. */
import CliTable from "cli-table3";
import color from "picocolors";

export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new CliTable({
    head: head.map((cell) => color.cyan(cell)),
    style: { head: [], border: [] },
    colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
  });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
