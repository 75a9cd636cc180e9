/** A table of measurements, column by column: numbers where cells hold them, and the words of the others. */
import { cellOf, hasDecimalCommas, hasOneGroup, unitSeconds, type Cell, type TimeUnit } from "./cell.ts";

export interface TableColumn {
  readonly name: string;
  /** NaN where a cell holds no number. In `unit` where cells say one. */
  readonly values: Float64Array;
  /** What stood in the cells that hold no number: index into `words`, 0 for nothing. */
  readonly word: Uint16Array;
  readonly words: readonly string[];
  /** The unit that the cells themselves say. */
  readonly unit?: TimeUnit;
  /** "12,5" was read as 12.5. */
  readonly decimalComma?: true;
}

export interface Table {
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  /** What of the text is not in it; phrases. */
  readonly lacks?: readonly string[];
}

/** Distinct words of a column that are kept; later ones are all "(other)". */
const MOST_WORDS = 65_535;

/** What a cell turns out to hold depends on the others of its column: a comma that parts thousands, or decimals. */
const PLAIN = 0;
/** "1,234": held as 1234. */
const THOUSANDS_OR_DECIMALS = 1;
/** "1.234": held as 1.234. */
const DECIMALS_OR_THOUSANDS = 2;

const units = Object.keys(unitSeconds) as TimeUnit[];

/** A column that grows row by row. What its commas mean, and its unit, is decided when it is whole. */
export class ColumnBuilder {
  readonly name: string;
  #values = new Float64Array(1024);
  #word = new Uint16Array(1024);
  /** Of each row: how its comma or point may be meant, and 4 times the place of its unit, from 1. */
  #form = new Uint8Array(1024);
  readonly #counts = new Uint32Array(units.length + 1);
  readonly #words = [""];
  readonly #codes = new Map<string, number>([["", 0]]);
  #length = 0;
  #decimalComma: boolean;
  #thousandsComma = false;
  #commas = false;

  /** `decimalComma`: the text says that its commas part decimals. */
  constructor(name: string, decimalComma = false) {
    this.name = name;
    this.#decimalComma = decimalComma;
  }

  /** Rows that this column did not have until now are empty. */
  add(row: number, cell: unknown): void {
    while (row >= this.#values.length) {
      this.#values = grown(this.#values);
      this.#word = grown(this.#word);
      this.#form = grown(this.#form);
    }
    if (row > this.#length) this.#values.fill(NaN, this.#length, row);
    this.#length = row + 1;
    if (typeof cell === "string") return this.#text(row, cell);
    const plain = typeof cell === "number" ? cell : NaN;
    this.#values[row] = Number.isFinite(plain) ? plain : NaN;
    if (!Number.isFinite(plain)) this.#word[row] = this.#code(wordOf(cell));
  }

  #text(row: number, cell: string): void {
    const plain = cell.trim() === "" ? NaN : Number(cell);
    if (Number.isFinite(plain)) {
      this.#values[row] = plain;
      if (cell[cell.length - 4] === "." && /^\s*[+-]?\d{1,3}\.\d{3}$/.test(cell))
        this.#form[row] = DECIMALS_OR_THOUSANDS;
      return;
    }
    const found = dateOf(cell) ?? cellOf(cell, false);
    this.#values[row] = found ? found.value : NaN;
    if (!found) {
      this.#word[row] = this.#code(wordOf(cell));
      return;
    }
    const unit = found.unit ? units.indexOf(found.unit) + 1 : 0;
    if (unit > 0) this.#counts[unit]++;
    const comma = cell.includes(",");
    this.#commas ||= comma;
    this.#thousandsComma ||= comma && /,\d{3}[.,]\d/.test(cell);
    this.#form[row] =
      unit * 4 +
      (comma && hasOneGroup(cell)
        ? THOUSANDS_OR_DECIMALS
        : /^\s*[+-]?\d{1,3}\.\d{3}\D*$/.test(cell)
          ? DECIMALS_OR_THOUSANDS
          : PLAIN);
    this.#decimalComma ||= comma && hasDecimalCommas([cell]);
  }

  #code(word: string): number {
    const known = this.#codes.get(word);
    if (known !== undefined) return known;
    if (this.#words.length >= MOST_WORDS) return MOST_WORDS;
    this.#codes.set(word, this.#words.length);
    if (this.#words.length === MOST_WORDS - 1) this.#words[MOST_WORDS] = "(other)";
    return this.#words.push(word) - 1;
  }

  /** Some of its cells can only be read with a comma in front of the decimals. */
  get hasDecimalCommas(): boolean {
    return this.#decimalComma;
  }

  /** `decimalComma`: other columns of the same text part decimals by a comma. */
  finish(rows: number, decimalComma = false): TableColumn {
    if (rows > this.#length) this.add(rows - 1, "");
    const values = this.#values.slice(0, rows);
    const word = this.#word.slice(0, rows);
    // Bare numbers among cells with units are taken to be in the most common one.
    const most = this.#counts.reduce((best, count, i) => (count > this.#counts[best] ? i : best), 0);
    const unit = this.#counts[most] > 0 ? units[most - 1] : undefined;
    const byComma = (decimalComma || this.#decimalComma) && this.#commas && !this.#thousandsComma;
    for (let i = 0; i < rows; i++) {
      const form = this.#form[i];
      if (form === PLAIN) continue;
      if (byComma && (form & 3) === THOUSANDS_OR_DECIMALS) values[i] /= 1000;
      if (byComma && (form & 3) === DECIMALS_OR_THOUSANDS) values[i] = Math.round(values[i] * 1000);
      if (form >= 4 && unit) values[i] *= unitSeconds[units[(form >> 2) - 1]!] / unitSeconds[unit];
    }
    return {
      name: this.name,
      values,
      word,
      words: this.#words,
      ...(unit ? { unit } : {}),
      ...(byComma ? { decimalComma: true as const } : {}),
    };
  }
}

const DATE = /^\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;

/** A date with a time of day, seconds since 1970. */
function dateOf(text: string): Cell | undefined {
  const value = DATE.test(text) ? Date.parse(text) / 1000 : NaN;
  return Number.isNaN(value) ? undefined : { value, unit: "s" };
}

function grown<T extends Float64Array | Uint16Array | Uint8Array>(old: T): T {
  const next = new (old.constructor as new (length: number) => T)(old.length * 2);
  next.set(old);
  return next;
}

function wordOf(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "string") return cell.trim().slice(0, 200);
  return typeof cell === "object" ? JSON.stringify(cell).slice(0, 200) : String(cell);
}

/** The word of a cell that holds no number; empty where it holds one, or nothing. */
export function wordAt(column: TableColumn, row: number): string {
  return column.words[column.word[row]] ?? "";
}

/** A column of numbers that are known already. */
export function numberColumn(name: string, values: Float64Array, unit?: TimeUnit): TableColumn {
  return { name, values, word: new Uint16Array(values.length), words: [""], ...(unit ? { unit } : {}) };
}
