/** Numbers in the messages of checks: as many digits as tell two of them apart, and no float noise. */

/** Doubles hold about 17 significant digits; from the 16th on they are mostly noise. */
const mostDigits = 17;
const fewestDigits = 4;
/** Below this, every integer is written out. */
const largestPlain = 1e15;

/** A value that should have been a number, for people: the text "5" is not the number 5. */
export function inWords(value: unknown, digits = mostDigits): string {
  if (typeof value === "number") return inDigits(value, digits);
  if (typeof value === "string") return `the text ${JSON.stringify(value)}`;
  if (typeof value === "bigint") return `the BigInt ${value}n`;
  if (typeof value === "boolean") return String(value);
  if (value === undefined) return "nothing (undefined)";
  if (value === null) return "null";
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return value instanceof Promise ? "a promise (is an await missing?)" : "an object";
}

/** How many digits two numbers need to look different, and to show a difference as small as `room`. */
export function digitsThatTellApart(a: number, b: number, room: number): number {
  const size = Math.max(Math.abs(a), Math.abs(b));
  let digits = fewestDigits;
  if (room > 0 && Number.isFinite(size)) digits = Math.max(digits, Math.ceil(Math.log10(size / room)) + 1);
  digits = Math.min(digits, mostDigits);
  while (digits < mostDigits && a !== b && inDigits(a, digits) === inDigits(b, digits)) digits++;
  return digits;
}

/** `value` with so many significant digits; integers in full, and no exponent where people would not write one. */
export function inDigits(value: number, digits: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= largestPlain || (size !== 0 && size < 1e-4)) {
    return value.toExponential(digits - 1).replace(/\.?0+e/, "e");
  }
  if (Number.isInteger(value)) return String(value);
  // Before the point, every digit counts.
  const before = size < 1 ? 0 : Math.floor(Math.log10(size)) + 1;
  return String(Number(value.toPrecision(Math.min(Math.max(digits, before + 1), mostDigits))));
}

/** The text with numbers such as 0.39499999999999996 written as 0.395. */
export function withoutNoise(text: string): string {
  return text.replaceAll(/(?<![\w.])\d+\.\d{10,}(?![\w.])/g, (number) => {
    if (number.replace(".", "").replace(/^0+/, "").length < 15) return number;
    return inDigits(Number(number), 12);
  });
}
