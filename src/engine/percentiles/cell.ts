/** One cell of a pasted table as a number: "1,234", "12,5", "120ms", "1.2 s", "N/A". */

/** Seconds in one of each unit, by the name that stands in a choice of units. */
export const unitSeconds = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9, min: 60 } as const;
export type TimeUnit = keyof typeof unitSeconds;

const spelled: Readonly<Record<string, TimeUnit>> = {
  s: "s",
  sec: "s",
  secs: "s",
  second: "s",
  seconds: "s",
  ms: "ms",
  msec: "ms",
  millis: "ms",
  millisecond: "ms",
  milliseconds: "ms",
  us: "us",
  µs: "us",
  μs: "us",
  usec: "us",
  micros: "us",
  microseconds: "us",
  ns: "ns",
  nanos: "ns",
  nanoseconds: "ns",
  m: "min",
  min: "min",
  minutes: "min",
};

/** The unit that a word names, in any case; undefined for another word. */
export function unitNamed(word: string): TimeUnit | undefined {
  const name = word.toLowerCase();
  return Object.hasOwn(spelled, name) ? spelled[name] : undefined;
}

export interface Cell {
  readonly value: number;
  readonly unit?: TimeUnit;
}

const written =
  /^([+-]?)(?:(\d+(?:\.\d*)?|\.\d+)|(\d{1,3}(?:([,.'\u00a0\u202f])\d{3})(?:\4\d{3})*)([.,]\d+)?|(\d+),(\d+))(?:e([+-]?\d+))?\s*([a-zµμ]*)$/i;

/**
 * The number a cell holds and the unit behind it, or undefined where it is no number (an empty cell, a word, NaN, Infinity).
 * `decimalComma`: what one comma means where it could be either, as in "1,234".
 */
export function cellOf(text: string, decimalComma: boolean): Cell | undefined {
  const found = written.exec(text.trim());
  if (!found) return undefined;
  const [, sign = "", plain, grouped, group = "", fraction = "", whole, behind, exponent = "0", word = ""] = found;
  const unit = word === "" ? undefined : unitNamed(word);
  if (word !== "" && unit === undefined) return undefined;
  const one = group === "," && fraction === "" && grouped?.indexOf(",") === grouped?.lastIndexOf(",");
  const digits =
    plain ??
    (grouped === undefined
      ? `${whole}.${behind}`
      : one && decimalComma
        ? grouped.replace(",", ".")
        : grouped.replaceAll(group, "") + fraction.replace(",", "."));
  const value = Number(`${sign}${digits}e${exponent}`);
  return Number.isFinite(value) ? (unit ? { value, unit } : { value }) : undefined;
}

/** One comma with three digits behind it: thousands, or decimals. */
export function hasOneGroup(cell: string): boolean {
  return /^\s*[+-]?\d{1,3},\d{3}\s*[a-zµμ]*\s*$/i.test(cell);
}

/** Whether one comma stands for a decimal point in a column with these cells: some have other than three digits behind it. */
export function hasDecimalCommas(cells: Iterable<string>): boolean {
  for (const cell of cells)
    if (/^\s*[+-]?(0,\d+|\d+,(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3})+,\d+)\s*[a-zµμ]*\s*$/i.test(cell)) return true;
  return false;
}
