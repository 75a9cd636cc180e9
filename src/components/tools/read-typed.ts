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
