/** 95 % intervals of a mean, and of the difference of two independent estimates. */
import type { Ranged } from "./types.ts";

const Z = 1.959963984540054;

/** Normal approximation; needs two values. null below that. */
export function meanInterval(values: ArrayLike<number>): Ranged | null {
  const n = values.length;
  if (n < 2) return null;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) * (values[i] - mean);
  const half = Z * Math.sqrt(squares / (n - 1) / n);
  return { value: mean, low: mean - half, high: mean + half };
}

/**
 * b − a with an interval from theirs: distances add as squares, side by side.
 * Source: G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures", Stat. Med. 27, 2008.
 */
export function difference(a: Ranged, b: Ranged): Ranged {
  const value = b.value - a.value;
  return {
    value,
    low: value - Math.sqrt((b.value - b.low) ** 2 + (a.high - a.value) ** 2),
    high: value + Math.sqrt((b.high - b.value) ** 2 + (a.value - a.low) ** 2),
  };
}
