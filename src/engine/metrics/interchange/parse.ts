/** Reading files that others wrote: nothing is taken on trust, and what is wrong is named. */
import { InputError } from "../../errors.ts";

export type Json = Readonly<Record<string, unknown>>;

/** One JSON object; InputError where the text is none. */
export function parseObject(text: string, what: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(what, text.slice(0, 60), "JSON");
  }
  return object(value, what);
}

/** One JSON object a line; empty lines are skipped. */
export function parseLines(text: string, what: string): Json[] {
  return text
    .split(/\r?\n/)
    .map((line, i) => ({ line: line.trim(), name: `line ${i + 1} of ${what}` }))
    .filter(({ line }) => line !== "")
    .map(({ line, name }) => parseObject(line, name));
}

export function object(value: unknown, field: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new InputError(field, value, "an object");
  return value as Json;
}

export function array(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new InputError(field, value, "a list");
  return value;
}

export function finite(value: unknown, field: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new InputError(field, value, "a finite number");
  return value;
}

/** NaN where it is null or absent. */
export function time(value: unknown, field: string): number {
  return value === null || value === undefined ? NaN : finite(value, field);
}

/** A whole number, 0 or more; 0 where it is null or absent. */
export function count(value: unknown, field: string): number {
  if (value === null || value === undefined) return 0;
  const n = finite(value, field);
  if (!Number.isInteger(n) || n < 0) throw new InputError(field, value, "a whole number, 0 or more");
  return n;
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** JSON has no NaN: a time that never was is null. */
export function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
