/** Reading files that others wrote: nothing is taken on trust, and what is wrong is named. */
import { InputError } from "../../errors.ts";
import { documentsOf } from "./documents.ts";

export type Json = Readonly<Record<string, unknown>>;

/** One JSON object; InputError where the text is none. */
export function parseObject(text: string, what: string): Json {
  const { values } = documentsOf(text);
  if (values.length !== 1) throw new InputError(what, text.slice(0, 60), "one JSON object");
  return object(values[0], what);
}

/** One JSON object a line; empty lines are skipped. */
export function parseLines(text: string, what: string): Json[] {
  const { values, cutOff } = documentsOf(text);
  if (cutOff) throw new InputError(`the end of ${what}`, text.slice(-40), "a whole line: the file was cut off");
  return values.map((value, i) => object(value, `line ${i + 1} of ${what}`));
}

export function object(value: unknown, field: string): Json {
  if (!isObject(value)) throw new InputError(field, value, "an object");
  return value;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function array(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new InputError(field, value, "a list");
  return value;
}

export function finite(value: unknown, field: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new InputError(field, value, "a finite number");
  return value;
}

/** What tools write where there is no number; JSON's own null, and Python's words for it. */
function isMissing(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    (typeof value === "number" && !Number.isFinite(value)) ||
    (typeof value === "string" && /^(-?inf(inity)?|nan|n\/a|none|null|)$/i.test(value.trim()))
  );
}

/** NaN where it is missing: null, absent, NaN or infinite. */
export function time(value: unknown, field: string): number {
  return isMissing(value) ? NaN : finite(value, field);
}

/** A whole number, 0 or more; 0 where it is missing. */
export function count(value: unknown, field: string): number {
  if (isMissing(value)) return 0;
  const n = finite(value, field);
  if (!Number.isInteger(n) || n < 0 || n > MOST) throw new InputError(field, value, `a whole number, 0 to ${MOST}`);
  return n;
}

const MOST = 2 ** 32 - 1;

/** A number that is there, or undefined; never an error. */
export function numberOr(value: unknown): number | undefined {
  const n = typeof value === "string" && !isMissing(value) ? Number(value) : value;
  return typeof n === "number" && Number.isFinite(n) ? n : undefined;
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** JSON has no NaN: a time that never was is null. */
export function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
