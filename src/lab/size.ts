/** Measures what came from a lab before anything walks, draws or matches it: kinds of values, how many, how deep, how large. */

import { chartLimits } from "./chart-message.ts";

export interface SizeLimits {
  /** Values, elements of plain arrays and declared lengths included. */
  readonly values: number;
  /** Rough bytes of the structured clone. */
  readonly bytes: number;
  readonly depth: number;
  /** Letters of one text. */
  readonly letters: number;
}

/** Of messages that carry a chart, whose parts chart-message.ts then looks at. */
export const sizeOfChart: SizeLimits = {
  values: chartLimits.values,
  bytes: chartLimits.bytes,
  depth: chartLimits.depth,
  letters: chartLimits.sentence,
};
/** Of messages that carry Runs and workloads. */
export const sizeOfData: SizeLimits = { values: 250_000, bytes: 32e6, depth: 12, letters: 20_000 };
/** Of all others. */
export const sizeOfWords: SizeLimits = { values: 60_000, bytes: 2e6, depth: 8, letters: 200_000 };

export type Measured = { readonly bytes: number; readonly values: number } | { readonly problem: string };

/**
 * Only plain objects, arrays, typed arrays and primitives pass: a Map, a Blob or an object that says it has a `length` does not.
 * A part that is referred to twice counts twice, as it will for whoever draws it. Takes time for at most `limits.values` values, whatever is declared.
 */
export function measureSize(value: unknown, limits: SizeLimits): Measured {
  let bytes = 0;
  let values = 0;
  const stack: unknown[] = [value];
  const depths: number[] = [0];
  while (stack.length > 0) {
    const next = stack.pop();
    const depth = depths.pop()!;
    bytes += 8;
    values++;
    if (typeof next === "string") {
      if (next.length > limits.letters) return { problem: `a text of ${count(next.length)} letters` };
      bytes += next.length * 2;
    } else if (typeof next === "object" && next !== null) {
      if (ArrayBuffer.isView(next)) bytes += next.byteLength;
      else {
        if (depth >= limits.depth) return { problem: `values within values, ${limits.depth} deep` };
        const children = Array.isArray(next) ? next : plainValues(next, limits.values - values);
        if (typeof children === "string") return { problem: children };
        if (values + stack.length + children.length > limits.values)
          return {
            problem: `${Array.isArray(next) ? count(children.length) : `more than ${count(limits.values)}`} values`,
          };
        for (const child of children) {
          stack.push(child);
          depths.push(depth + 1);
        }
      }
    } else if (typeof next === "bigint") bytes += 8;
    if (bytes > limits.bytes) return { problem: `more than ${count(limits.bytes / 1e6)} MB` };
  }
  return { bytes, values };
}

/** The values of a plain object, or why it isn't one. */
function plainValues(value: object, most: number): unknown[] | string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `a ${kindOf(value)}`;
  const values: unknown[] = [];
  for (const key in value) {
    if (key === "length") return "something that only says how long it is";
    if (values.length > most) break;
    values.push(key, (value as Record<string, unknown>)[key]);
  }
  return values;
}

function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function count(n: number): string {
  return Math.round(n).toLocaleString("en-GB");
}
