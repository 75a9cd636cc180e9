/** Tables from text that nobody's tool wrote: lines, CSV with any separator, JSON, JSON lines. */
import { InputError } from "../errors.ts";
import { eachCsvRow } from "../metrics/interchange/csv.ts";
import { documentsOf } from "../metrics/interchange/documents.ts";
import { isObject } from "../metrics/interchange/parse.ts";
import { cellOf } from "./cell.ts";
import { ColumnBuilder, type Table } from "./table.ts";

/** Told now and then how far the reading is, 0–1. */
export type Progress = (share: number) => void;

const SAY_EVERY = 20_000;
const MOST_COLUMNS = 200;
/** Lines that show what the others are like. */
const SHOWN = 50;
const FORMS = "numbers one a line, CSV, JSON, JSON lines, or a result file";

/** Throws InputError for a text without a table in it. */
export function readTable(text: string, progress: Progress = () => {}): Table {
  const whole = text.replace(/^\uFEFF/, "");
  if (whole.trim() === "") throw new InputError("the text", "empty", FORMS);
  const first = whole.trimStart()[0];
  const table = first === "{" || first === "[" ? jsonTable(whole, progress) : plainTable(whole, progress);
  if (!table.columns.some(({ values }) => values.some((value) => !Number.isNaN(value))))
    throw new InputError("the text", whole.trim().slice(0, 60), `one with numbers in it: ${FORMS}`);
  return table;
}

/** Rows of objects, lists or values; objects within objects have names such as "usage.completion_tokens". */
class Rows {
  readonly #columns = new Map<string, ColumnBuilder>();
  #row = 0;

  add(value: unknown): void {
    if (isObject(value)) this.#object(value, "");
    else if (Array.isArray(value))
      value.slice(0, MOST_COLUMNS).forEach((cell, i) => this.#cell(`column ${i + 1}`, cell));
    else this.#cell("value", value);
    this.#row++;
  }

  #object(value: Readonly<Record<string, unknown>>, under: string): void {
    for (const name in value) {
      const inner = value[name];
      if (isObject(inner)) this.#object(inner, `${under}${name}.`);
      else this.#cell(`${under}${name}`, Array.isArray(inner) ? `list of ${inner.length}` : inner);
    }
  }

  #cell(name: string, cell: unknown): void {
    let column = this.#columns.get(name);
    if (column === undefined) {
      if (this.#columns.size >= MOST_COLUMNS) return;
      this.#columns.set(name, (column = new ColumnBuilder(name)));
    }
    column.add(this.#row, cell);
  }

  get count(): number {
    return this.#row;
  }

  table(): Table {
    return { rows: this.#row, columns: [...this.#columns.values()].map((column) => column.finish(this.#row)) };
  }
}

function jsonTable(text: string, progress: Progress): Table {
  const rows = new Rows();
  if (!eachLine(text, rows, progress)) {
    const { values } = documentsOf(text);
    const all = values.length === 1 ? rowsIn(values[0]) : values;
    all.forEach((value) => rows.add(value));
  }
  return rows.table();
}

/** JSON lines, the way most files have them: a value a line. False, with nothing added, where the first line is not one. */
function eachLine(text: string, rows: Rows, progress: Progress): boolean {
  const end = text.indexOf("\n");
  if (end < 0 || parsed(text.slice(0, end)) === undefined || text.slice(end).trim() === "") return false;
  for (let at = 0, line = 1; at < text.length; line++) {
    const stop = text.indexOf("\n", at);
    const part = text.slice(at, stop < 0 ? undefined : stop).trim();
    at = stop < 0 ? text.length : stop + 1;
    if (part === "") continue;
    const value = parsed(part);
    if (value === undefined) {
      // A file whose writer was killed ends in the middle of a line.
      if (at >= text.length) break;
      documentsOf(part).values.forEach((each) => rows.add(each));
    } else rows.add(value);
    if (line % SAY_EVERY === 0) progress(at / text.length);
  }
  return true;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** One document: a list is its rows; an object of equally long lists is its columns; else the longest list in it, or itself. */
function rowsIn(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  if (!isObject(document)) return [document];
  const lists = Object.entries(document).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const longest = lists.reduce((most, [, list]) => Math.max(most, list.length), 0);
  const [first] = lists.filter(([, list]) => list.length === longest);
  if (first === undefined || longest === 0) return [document];
  if (isObject(first[1][0])) return first[1];
  const columns = lists.filter(([, list]) => list.length === longest);
  return first[1].map((_, i) => Object.fromEntries(columns.map(([name, list]) => [name, list[i]])));
}

/** A separator that stands in no text: the whole line is one cell. */
const NEVER = "\u001f";

const isNumber = (cell: string) => cellOf(cell, false) !== undefined;
const isMissing = (cell: string) => /^(-?inf(inity)?|nan|n\/a|none|null|-|)$/i.test(cell.trim());

function plainTable(text: string, progress: Progress): Table {
  const sample = firstLines(text, SHOWN);
  const separator = separatorOf(sample);
  const columns: ColumnBuilder[] = [];
  let row = 0;
  if (separator === null) {
    const column = new ColumnBuilder("value");
    for (const cell of text.trim().split(/[\s,;]+(?=[^\s,;])/)) column.add(row++, cell);
    return { rows: row, columns: [column.finish(row)] };
  }
  let lines = 0;
  const spaced = separator === " " ? text.replace(/[ \t]+/g, " ") : text;
  eachCsvRow(spaced, separator === "\n" ? NEVER : separator, (all, end) => {
    const cells = separator === " " ? all.filter((cell) => cell !== "") : all;
    if (cells.length > MOST_COLUMNS) throw new InputError("the columns", cells.length, `${MOST_COLUMNS} or fewer`);
    if (cells[0].startsWith("#")) return;
    const isHead = ++lines === 1 && cells.some((cell) => !isNumber(cell) && !isMissing(cell) && /[a-z]/i.test(cell));
    if (isHead) {
      cells.forEach((cell, i) => columns.push(new ColumnBuilder(cell.trim() || `column ${i + 1}`)));
      return;
    }
    for (let i = columns.length; i < cells.length; i++)
      columns.push(new ColumnBuilder(separator === "\n" && i === 0 ? "value" : `column ${i + 1}`));
    for (let i = 0; i < cells.length; i++) columns[i].add(row, cells[i]);
    row++;
    if (row % SAY_EVERY === 0) progress(end / text.length);
  });
  return { rows: row, columns: columns.map((column) => column.finish(row)) };
}

export function firstLines(text: string, most: number): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length && lines.length < most;) {
    const stop = text.indexOf("\n", at);
    const line = text.slice(at, stop < 0 ? undefined : stop).trim();
    if (line !== "") lines.push(line);
    at = stop < 0 ? text.length : stop + 1;
  }
  return lines;
}

/** What stands between the cells; "\n" for one value a line, null for values in a row, whatever is between them. */
function separatorOf(shown: readonly string[]): string | null {
  // Separators within quotes separate nothing; a whole line in quotes is its text.
  const lines = shown.map((line) => /^"([^"]*)"$/.exec(line)?.[1] ?? line.replace(/"[^"]*"/g, "x"));
  const head = lines[0] ?? "";
  const under = lines.slice(1);
  const agrees = (separator: string) =>
    under.filter((line) => line.split(separator).length === head.split(separator).length).length > under.length / 2;
  if (!isNumber(head))
    for (const separator of ["\t", ";", ","]) if (head.includes(separator) && agrees(separator)) return separator;
  const body = lines.slice(lines.length > 1 && !isNumber(lines[0]!) ? 1 : 0);
  if (body.every((line) => isNumber(line) || isMissing(line)) && !areNumbered(body)) return "\n";
  const counts = (separator: string) => lines.map((line) => line.split(separator).length);
  for (const separator of ["\t", ";", ","]) {
    const found = counts(separator);
    const widest = Math.max(...found);
    // A row of numbers on one line is not a table.
    if (widest > 1 && lines.length > 1 && found.filter((n) => n > 1).length > lines.length / 2) return separator;
  }
  if (
    lines.every((line) =>
      line
        .split(/[\s,;]+/)
        .filter(Boolean)
        .every(isNumber),
    )
  ) {
    const widths = new Set(lines.map((line) => line.split(/\s+/).length));
    return lines.length > 1 && widths.size === 1 && !widths.has(1) ? " " : null;
  }
  const words = lines.map((line) => line.split(/\s+/).length);
  return words[0]! > 1 && words.every((n) => n === words[0]) ? " " : "\n";
}

/** "1,120", "2,130", "3,140": a number and a value, and not thousands. */
function areNumbered(lines: readonly string[]): boolean {
  const firsts = lines.map((line) => /^(\d+),\d+$/.exec(line.trim())?.[1]);
  return (
    firsts.length > 2 && firsts.every((first, i) => first !== undefined && Number(first) === Number(firsts[0]) + i)
  );
}
