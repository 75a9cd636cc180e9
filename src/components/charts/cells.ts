/** A chart's data as cells of a table and as CSV. */
import { formatCell } from "../../engine/chart/format.ts";
import type { ChartTable } from "../../engine/chart/types.ts";

/** As shown: whole numbers in full, others to four digits. */
export function cellText(cell: string | number): string {
  return typeof cell === "number" ? formatCell(cell) : cell;
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
