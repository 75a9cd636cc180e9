/** A table of measurements, column by column: numbers where cells hold them, and the words of the others. */
import { cellOf, hasDecimalCommas, unitSeconds, type TimeUnit } from "./cell.ts";

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
}

/** Distinct words of a column that are kept; later ones are all "(other)". */
const MOST_WORDS = 65_535;

/** A column that grows row by row; what is no plain number is kept as text until the column is whole. */
export class ColumnBuilder {
  readonly name: string;
  #values = new Float64Array(1024);
  #word = new Uint16Array(1024);
  readonly #words = [""];
  readonly #codes = new Map<string, number>([["", 0]]);
  #length = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Rows that this column did not have until now are empty. */
  add(row: number, cell: unknown): void {
    while (row >= this.#values.length) {
      this.#values = grown(this.#values);
      this.#word = grown(this.#word);
    }
    if (row > this.#length) this.#values.fill(NaN, this.#length, row);
    this.#length = row + 1;
    const plain = typeof cell === "number" ? cell : typeof cell === "string" && cell.trim() !== "" ? Number(cell) : NaN;
    this.#values[row] = Number.isFinite(plain) ? plain : NaN;
    if (!Number.isFinite(plain)) this.#word[row] = this.#code(wordOf(cell));
  }

  #code(word: string): number {
    const known = this.#codes.get(word);
    if (known !== undefined) return known;
    if (this.#words.length >= MOST_WORDS) return MOST_WORDS;
    this.#codes.set(word, this.#words.length);
    if (this.#words.length === MOST_WORDS - 1) this.#words[MOST_WORDS] = "(other)";
    return this.#words.push(word) - 1;
  }

  finish(rows: number): TableColumn {
    if (rows > this.#length) this.add(rows - 1, "");
    const values = this.#values.slice(0, rows);
    const word = this.#word.slice(0, rows);
    const decimalComma = hasDecimalCommas(this.#words);
    const cells = this.#words.map((text) => cellOf(text, decimalComma));
    const units = cells.flatMap((cell) => cell?.unit ?? []);
    // Bare numbers among cells with units are taken to be in the most common one.
    const [unit] = units.toSorted((a, b) => countOf(units, b) - countOf(units, a));
    for (let i = 0; i < rows; i++) {
      const cell = word[i] > 0 ? cells[word[i]] : undefined;
      if (!cell) continue;
      values[i] = cell.value * (unit && cell.unit ? unitSeconds[cell.unit] / unitSeconds[unit] : 1);
      word[i] = 0;
    }
    const commas = decimalComma && cells.some((cell) => cell !== undefined);
    return {
      name: this.name,
      values,
      word,
      words: this.#words,
      ...(unit ? { unit } : {}),
      ...(commas ? { decimalComma: true as const } : {}),
    };
  }
}

function grown<T extends Float64Array | Uint16Array>(old: T): T {
  const next = new (old.constructor as new (length: number) => T)(old.length * 2);
  next.set(old);
  return next;
}

function countOf<T>(list: readonly T[], value: T): number {
  return list.reduce((sum, each) => sum + (each === value ? 1 : 0), 0);
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
