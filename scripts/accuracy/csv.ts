/** Reads the measurement files: comma-separated, quoted where needed, plain or gzipped. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** One row of a file, by column name; a column that the file lacks reads as "". */
export interface Row {
  readonly file: string;
  /** 1-based data row. */
  readonly row: number;
  readonly cell: (column: string) => string;
}

/** Every row of every `.csv` and `.csv.gz` in a folder, in order of file name. */
export function readRows(folder: string): Row[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".csv") || name.endsWith(".csv.gz"))
    .sort();
  return names.flatMap((name) => {
    const bytes = readFileSync(join(folder, name));
    const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    return rowsOf(name.replace(/\.gz$/, ""), text);
  });
}

/** The rows of one file's text. */
export function rowsOf(file: string, text: string): Row[] {
  const [header, ...body] = parseCsv(text);
  if (!header) return [];
  const index = new Map(header.map((column, i) => [column.trim(), i]));
  return body
    .filter((cells) => cells.some((value) => value !== ""))
    .map((cells, i) => ({
      file,
      row: i + 1,
      cell: (column) => (cells[index.get(column) ?? -1] ?? "").trim(),
    }));
}

function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let cells: string[] = [];
  let value = "";
  let quoted = false;
  const source = text.replace(/^\uFEFF/, "");
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    if (quoted) {
      if (c !== '"') value += c;
      else if (source[i + 1] === '"') {
        value += '"';
        i++;
      } else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ",") {
      cells.push(value);
      value = "";
    } else if (c === "\n" || c === "\r") {
      if (c === "\r" && source[i + 1] === "\n") i++;
      cells.push(value);
      rows.push(cells);
      cells = [];
      value = "";
    } else value += c;
  }
  if (value !== "" || cells.length > 0) rows.push([...cells, value]);
  return rows;
}
