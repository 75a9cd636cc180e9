/** A number as somebody types it into a field of a tool. */
import { readNumber } from "../quiz/read-number.ts";

/**
 * "50k", "2M", "1,500" and "12 000" too; NaN where `text` is no number of `unit`, which may be typed behind it. Where a comma may part
 * thousands or decimals it parts thousands, unless a 0 stands before it: "2,000" is two thousand, "0,125" an eighth.
 */
export function readTyped(text: string, unit = ""): number {
  const plain = text.trim();
  // Spaces part thousands only.
  if (/\d\s+(?!\d{3}(?!\d))\d/.test(plain)) return NaN;
  const [, digits, suffix] = /^(.*\d)\s*([kM])$/.exec(plain) ?? [];
  const readings = readNumber(digits ?? plain, unit);
  const value = (/^[+\-−]?0,/.test(plain) ? readings.at(-1) : readings[0]) ?? NaN;
  return value * (suffix === "k" ? 1e3 : suffix === "M" ? 1e6 : 1);
}

/** What is said beside a field whose text `readTyped` can't read. */
export function notNumber(text: string, unit = ""): string {
  return `“${text.trim().slice(0, 30)}” is not a number${unit === "" ? "" : ` of ${unit}`}.`;
}

/**
 * Numbers apart by spaces, semicolons, line ends, or commas with or without a space: each as `readTyped` reads it. The text of the first
 * part that is no number, or that may be one number or several, such as "1,500,200", comes back instead.
 */
export function readTypedList(text: string): readonly number[] | { readonly unclear: string } {
  const bare = text.trim().replace(/^\[([^]*)\]$/, "$1");
  const words = bare.split(/[\s;]+/).flatMap((word) => word.replace(/^,+|,+$/g, "") || []);
  const isGrouped = (word: string) => /^\d{1,3}(,\d{3})+$/.test(word);
  // One word with commas is a list, unless it may be thousands.
  const parts = words.length === 1 && !isGrouped(words[0]!) ? words[0]!.split(",") : words;
  const values = parts.map((part) => readTyped(part));
  const bad = parts.find((part, i) => Number.isNaN(values[i]) || (words.length === 1 && isGrouped(part)));
  return bad === undefined ? values : { unclear: bad };
}
