/** Tables from text that nobody's tool wrote: lines, CSV with any separator, JSON, JSON lines. */
import { InputError } from "../errors.ts";
import { eachCsvRow } from "../metrics/interchange/csv.ts";
import { documentsOf } from "../metrics/interchange/documents.ts";
import { isObject } from "../metrics/interchange/parse.ts";
import { cellOf, unitNamed } from "./cell.ts";
import { isNamedLatency } from "./columns.ts";
import { withSpans } from "./spans.ts";
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
  const whole = withLines(text);
  if (whole.trim() === "") throw new InputError("the text", "empty", FORMS);
  const first = whole.trimStart()[0];
  const read = first === "{" || first === "[" ? jsonTable(whole, progress) : plainTable(whole, progress);
  const table = withSpans(read);
  if (!table.columns.some(({ values }) => values.some((value) => !Number.isNaN(value))))
    throw new InputError("the text", whole.trim().slice(0, 60), `one with numbers in it: ${FORMS}`);
  return table;
}

/** Without a byte order mark; a lone carriage return, as old spreadsheets end lines, is a line's end. */
export function withLines(text: string): string {
  const bare = text.replace(/^\uFEFF/, "");
  return bare.includes("\r") && !bare.includes("\n") ? bare.replaceAll("\r", "\n") : bare;
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
    return tableOf(this.#row, [...this.#columns.values()]);
  }
}

function tableOf(rows: number, columns: readonly ColumnBuilder[]): Table {
  const decimalComma = columns.some((column) => column.hasDecimalCommas);
  return { rows, columns: columns.map((column) => column.finish(rows, decimalComma)) };
}

const CUT_OFF = "its end: the text was cut off in the middle of a row, which is left out";

function jsonTable(text: string, progress: Progress): Table {
  const rows = new Rows();
  const lines = eachLine(text, rows, progress);
  if (lines !== undefined) return { ...rows.table(), ...(lines.cutOff ? { lacks: [CUT_OFF] } : {}) };
  const { values, cutOff } = documentsOf(text);
  const all = values.length === 1 ? rowsIn(values[0]) : values;
  all.forEach((value) => rows.add(value));
  const table = rows.table();
  if (values.length === 1 && all[0] === values[0] && isObject(all[0]) && !table.columns.some(isNamedLatency))
    throw new InputError("the text", "one JSON object without a list of requests in it", FORMS);
  return { ...table, ...(cutOff ? { lacks: [CUT_OFF] } : {}) };
}

/** JSON lines, the way most files have them: a value a line. undefined, with nothing added, where the first line is not one. */
function eachLine(text: string, rows: Rows, progress: Progress): { readonly cutOff: boolean } | undefined {
  const end = text.indexOf("\n");
  if (end < 0 || parsed(text.slice(0, end)) === undefined || text.slice(end).trim() === "") return undefined;
  for (let at = 0, line = 1; at < text.length; line++) {
    const stop = text.indexOf("\n", at);
    const part = text.slice(at, stop < 0 ? undefined : stop).trim();
    at = stop < 0 ? text.length : stop + 1;
    if (part === "") continue;
    const value = parsed(part);
    if (value === undefined) {
      // A file whose writer was killed ends in the middle of a line.
      if (text.slice(at).trim() === "") return { cutOff: true };
      aLine(part, line).forEach((each) => rows.add(each));
    } else rows.add(value);
    if (line % SAY_EVERY === 0) progress(at / text.length);
  }
  return { cutOff: false };
}

/** Several values on one line, or NaN and Infinity as Python writes them. */
function aLine(part: string, line: number): readonly unknown[] {
  try {
    return documentsOf(part).values;
  } catch {
    throw new InputError(`line ${line}`, part.slice(0, 60), "JSON, as the lines above it: mend it or take it out");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Objects within objects that are looked through for the rows. */
const DEEPEST = 4;

/** One document: a list is its rows; an object of equally long lists is its columns; else the longest list in it, or itself. */
function rowsIn(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  if (!isObject(document)) return [document];
  return rowsWithin(document, DEEPEST) ?? [document];
}

function rowsWithin(document: Readonly<Record<string, unknown>>, deepest: number): readonly unknown[] | undefined {
  const lists = Object.entries(document).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const longest = lists.reduce((most, [, list]) => Math.max(most, list.length), 0);
  const [first] = lists.filter(([, list]) => list.length === longest);
  if (first !== undefined && longest > 0) {
    if (longest === 1 && isObject(first[1][0]) && deepest > 0) return rowsWithin(first[1][0], deepest - 1) ?? first[1];
    if (isObject(first[1][0])) return first[1];
    const columns = lists.filter(([, list]) => list.length === longest);
    return first[1].map((_, i) => Object.fromEntries(columns.map(([name, list]) => [name, list[i]])));
  }
  if (deepest === 0) return undefined;
  const inner = Object.values(document)
    .filter(isObject)
    .flatMap((value) => {
      const rows = rowsWithin(value, deepest - 1);
      return rows ? [rows] : [];
    });
  return inner.toSorted((a, b) => b.length - a.length)[0];
}

/** A separator that stands in no text: the whole line is one cell. */
const NEVER = "\u001f";

const isNumber = (cell: string) => cellOf(cell, false) !== undefined;
const isMissing = (cell: string) => /^(-?inf(inity)?|nan|n\/a|none|null|-|)$/i.test(cell.trim());

/** What Excel writes above a table that it separates in its own way. */
const excelSeparator = /^\s*sep=(.)[ \t]*\n/i;

function plainTable(given: string, progress: Progress): Table {
  const said = excelSeparator.exec(given);
  const text = withGroups(said ? given.slice(said[0].length) : given);
  const separator = said?.[1] ?? separatorOf(firstLines(text, SHOWN));
  if (separator === null) {
    const column = new ColumnBuilder("value");
    const cells = valuesOf(text);
    cells.forEach((cell, i) => column.add(i, cell));
    return tableOf(cells.length, [column]);
  }
  const columns: ColumnBuilder[] = [];
  const width = widthOf(text, separator);
  let names: string[] = [];
  let row = 0;
  let lines = 0;
  const add = (cells: readonly string[]) => {
    for (let i = columns.length; i < Math.max(cells.length, names.length); i++) {
      const name = names[i]?.trim() || (separator === "\n" && i === 0 ? "value" : `column ${i + 1}`);
      columns.push(new ColumnBuilder(name, separator === ";"));
    }
    for (let i = 0; i < cells.length; i++) columns[i].add(row, cells[i]);
    row++;
  };
  eachCsvRow(prepared(text, separator), separator === "\n" ? NEVER : separator, (all, end) => {
    const cells = separator === " " ? all.filter((cell) => cell !== "") : all;
    if (cells.length > MOST_COLUMNS) throw new InputError("the columns", cells.length, `${MOST_COLUMNS} or fewer`);
    // A title above the table, and a line of Markdown under its head.
    if (cells[0].startsWith("#") || (lines === 0 && cells.length < width) || isRule(cells)) return;
    if (++lines === 1 && isHead(cells)) names = cells;
    else if (lines === 2 && names.length > 0 && isUnits(cells))
      names = names.map((name, i) => (cells[i]?.trim() ? `${name} (${cells[i].trim()})` : name));
    else add(cells);
    if (row % SAY_EVERY === 0) progress(end / text.length);
  });
  if (row === 0 && names.length > 0)
    throw new InputError("the table", `the head ${names.join(", ").slice(0, 60)} alone`, "rows with numbers under it");
  return tableOf(row, columns);
}

/** Names: some cell has letters, and none is a number. */
function isHead(cells: readonly string[]): boolean {
  return cells.some((cell) => !isMissing(cell) && /\p{L}/u.test(cell)) && !cells.some(isNumber);
}

const isRule = (cells: readonly string[]) => cells.every((cell) => /^\s*:?-{2,}:?\s*$/.test(cell));

/** A second head, of units alone. */
function isUnits(cells: readonly string[]): boolean {
  const words = cells.map((cell) => cell.trim().replace(/^[([](.*)[)\]]$/, "$1"));
  return words.some((word) => unitNamed(word) !== undefined) && words.every((word) => word === "" || unitNamed(word));
}

/** The number of cells that most of the first rows have. */
function widthOf(text: string, separator: string): number {
  if (separator === "\n" || separator === " ") return 1;
  const counts = new Map<number, number>();
  const head = text.slice(0, 50_000);
  eachCsvRow(prepared(head, separator), separator, (cells) => {
    counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  });
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), [1, 0])[0];
}

/** Without what stands around cells in Markdown's tables, or between them in columns of words. */
function prepared(text: string, separator: string): string {
  if (separator === " ") return text.replace(/[ \t]+/g, " ");
  return separator === "|" ? text.replace(/^[ \t]*\|/gm, "").replace(/\|[ \t]*$/gm, "") : text;
}

/** One value a line, "1 234" and "987": the space parts thousands, for no table has rows of one cell and of two. */
function withGroups(text: string): string {
  const lines = firstLines(text, SHOWN);
  const isGrouped = (line: string) => / \d/.test(line);
  const isOne = (line: string) => /^\d{1,3}( \d{3})*([.,]\d+)?( ?[a-zµμ]+)?$/i.test(line);
  return lines.some(isGrouped) && !lines.every(isGrouped) && lines.every(isOne)
    ? text.replace(/(\d) (?=\d{3}(?!\d))/g, "$1\u00a0")
    : text;
}

/** Values in a row: a comma within a number that stands by itself belongs to it, as in "0,12 0,13". */
function valuesOf(text: string): string[] {
  const words = text.trim().split(/[\s;]+/);
  return words.some((word) => /\d,\d/.test(word)) && words.every(isNumber)
    ? words
    : text.trim().split(/[\s,;]+(?=[^\s,;])/);
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

const separators = ["\t", ";", ",", "|"];

/** What stands between the cells; "\n" for one value a line, null for values in a row, whatever is between them. */
function separatorOf(shown: readonly string[]): string | null {
  // Separators within quotes separate nothing; a whole line in quotes is its text.
  const lines = shown.map((line) => /^"([^"]*)"$/.exec(line)?.[1] ?? line.replace(/"[^"]*"/g, "x"));
  const head = lines[0] ?? "";
  const under = lines.slice(1);
  const agrees = (separator: string) =>
    under.filter((line) => line.split(separator).length === head.split(separator).length).length > under.length / 2;
  if (!isNumber(head))
    for (const separator of separators) if (head.includes(separator) && agrees(separator)) return separator;
  const body = lines.slice(lines.length > 1 && !isNumber(lines[0]!) ? 1 : 0);
  if (body.every((line) => isNumber(line) || isMissing(line)) && !areNumbered(body)) return "\n";
  const counts = (separator: string) => lines.map((line) => line.split(separator).length);
  for (const separator of separators) {
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
