/** What a typed number earns: right within a tolerance, one of the slips the author foresaw, or wrong, and by how much. */
import { readNumber } from "./read-number.ts";

export interface Slip {
  /** What somebody gets who makes this slip, in the unit of the answer. */
  readonly value: number;
  readonly why: string;
}

/** The answer to a question that asks for a number. */
export interface NumberKey {
  readonly value: number;
  /** Of the value and of what is typed; "" for a bare count. */
  readonly unit: string;
  /** Relative error up to which a number is right, such as 0.02. */
  readonly tolerance: number;
  readonly why: string;
  readonly slips: readonly Slip[];
}

export interface Verdict {
  readonly kind: "right" | "slip" | "wrong" | "unread";
  readonly says: string;
}

/** A slip is recognised this near to its value; of several the nearest. The answer's own tolerance comes first. */
const SLIP = 0.01;

export function judge(typed: string, key: NumberKey): Verdict {
  const readings = readNumber(typed, key.unit);
  if (readings.length === 0) return { kind: "unread", says: unreadable(typed, key.unit) };
  if (readings.some((value) => off(value, key.value) <= key.tolerance)) return { kind: "right", says: key.why };
  const near = ({ value: at }: Slip) => Math.min(...readings.map((value) => off(value, at)));
  const [slip] = key.slips.filter((each) => near(each) <= SLIP).sort((a, b) => near(a) - near(b));
  if (slip !== undefined) return { kind: "slip", says: slip.why };
  return { kind: "wrong", says: howFar(readings[0] ?? NaN, key) };
}

function off(value: number, from: number): number {
  return from === 0 ? Math.abs(value) : Math.abs(value / from - 1);
}

function unreadable(typed: string, unit: string): string {
  if (typed.trim() === "") return `Type a number${unit === "" ? "" : ` in ${unit}`} first.`;
  return unit === "" ? "That is not a number I can read." : `That is not a number I can read in ${unit}.`;
}

/** Only how far, not the answer: the reader may try again. */
function howFar(value: number, key: NumberKey): string {
  if (Math.sign(value) !== Math.sign(key.value)) return "Not it: the sign, or a zero, is wrong.";
  const ratio = value / key.value;
  const thousands = Math.round(Math.log10(ratio) / 3);
  if (thousands !== 0 && off(ratio, 1000 ** thousands) <= Math.max(key.tolerance, SLIP))
    return `The digits are right; the unit is not. Off by a factor of ${1000 ** Math.abs(thousands)}.`.replace(
      /(\d)(?=(\d{3})+\.)/g,
      "$1,",
    );
  const factor = ratio > 1 ? ratio : 1 / ratio;
  const size = ratio > 1 ? "large" : "small";
  if (factor < 1.1)
    return `Close: a little too ${size}. The answer counts within ${Math.round(key.tolerance * 1000) / 10} %.`;
  return `Too ${size} by a factor of ${factor >= 100 ? "more than 100" : factor.toPrecision(2)}.`;
}
