/** console.table: rows and columns of arrays, objects and Maps, as cells and as text. */
import { inspect } from "./inspect.ts";

const mostRows = 200;
const mostColumns = 20;
const cellLetters = 60;

export interface Tabulated {
  readonly table: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly text: string;
}

/** null: the value has no rows. `only`: names of the columns to show. */
export function tabulate(value: unknown, only?: unknown): Tabulated | null {
  if (typeof value !== "object" || value === null) return null;
  try {
    const entries = rowsOf(value);
    if (entries.length === 0) return null;
    const table = cells(entries.slice(0, mostRows), Array.isArray(only) ? only.map(String) : undefined);
    const more = entries.length > mostRows ? [[`… ${entries.length - mostRows} more rows`]] : [];
    return {
      table: { ...table, rows: [...table.rows, ...more] },
      text: textOf(table.columns, [...table.rows, ...more]),
    };
  } catch {
    return null;
  }
}

type Row = readonly [index: string, value: unknown];

function rowsOf(value: object): readonly Row[] {
  if (value instanceof Map) return take(value.entries()).map(([key, item]) => [short(key), item] as const);
  if (value instanceof Set) return take(value.values()).map((item, i) => [String(i), item] as const);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const list = value as ArrayLike<unknown>;
    return Array.from({ length: Math.min(list.length, mostRows + 1) }, (_, i) => [String(i), list[i]] as const);
  }
  return Object.entries(value).slice(0, mostRows + 1);
}

function cells(entries: readonly Row[], only: readonly string[] | undefined): Tabulated["table"] {
  const names = new Set<string>();
  let values = false;
  for (const [, row] of entries) {
    if (typeof row === "object" && row !== null)
      for (const key of Object.keys(row).slice(0, mostColumns)) names.add(key);
    else values = true;
  }
  const columns = only ?? [...names].slice(0, mostColumns);
  const rows = entries.map(([index, row]) => {
    const isRow = typeof row === "object" && row !== null;
    const own = columns.map((name) => (isRow && Object.hasOwn(row, name) ? short((row as never)[name]) : ""));
    return [index, ...own, ...(values ? [isRow ? "" : short(row)] : [])];
  });
  return { columns: ["(index)", ...columns, ...(values ? ["Value"] : [])], rows };
}

function textOf(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    widths
      .map((width, i) => (row[i] ?? "").padEnd(width))
      .join("  ")
      .trimEnd();
  return [columns, ...rows].map(line).join("\n");
}

function take<T>(items: Iterable<T>): readonly T[] {
  const taken: T[] = [];
  for (const item of items) {
    if (taken.length > mostRows) break;
    taken.push(item);
  }
  return taken;
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : inspect(value, { text: cellLetters, depth: 2, width: 5 });
  return text.length > cellLetters ? `${text.slice(0, cellLetters)}…` : text;
}
