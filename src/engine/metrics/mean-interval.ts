/** 95 % intervals of a mean and of a share, and of the difference of two independent estimates. */
import { sumError } from "./neighbours.ts";
import type { Ranged } from "./types.ts";

const Z = 1.959963984540054;

/** 97.5 % point of Student's t. Source: G. W. Hill's expansion about the normal point; 1 and 2 degrees in closed form. */
export function studentPoint(degrees: number): number {
  if (degrees <= 1) return 12.706204736432095;
  if (degrees <= 2) return 4.302652729911275;
  const [z2, d] = [Z * Z, degrees];
  const first = (z2 + 1) / 4;
  const second = ((5 * z2 + 16) * z2 + 3) / 96;
  const third = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  const fourth = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
  return Z * (1 + (first + (second + (third + fourth / d) / d) / d) / d);
}

/**
 * The mean of `values` in order of time, of which neighbours up to `lag` places apart may depend on each other. Needs two
 * values; null below that.
 */
export function meanInterval(values: ArrayLike<number>, lag = 0): Ranged | null {
  const n = values.length;
  if (n < 2) return null;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  const { error, worth } = sumError(
    Float64Array.from({ length: n }, (_, i) => values[i] - mean),
    lag,
  );
  const half = (studentPoint(worth - 1) * error) / n;
  return { value: mean, low: mean - half, high: mean + half };
}

/** `count` of `of`, with the interval of E. B. Wilson ("Probable inference", JASA 22, 1927), which stays within 0 and 1. */
export function shareInterval(count: number, of: number): Ranged {
  if (of === 0) return { value: 0, low: 0, high: 1 };
  const share = count / of;
  const [z2, centre] = [Z * Z, share + (Z * Z) / (2 * of)];
  const half = Z * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of));
  return {
    value: share,
    low: Math.max(0, Math.min(share, (centre - half) / (1 + z2 / of))),
    high: Math.min(1, Math.max(share, (centre + half) / (1 + z2 / of))),
  };
}

/**
 * b − a with an interval from theirs: distances add as squares, side by side. What is never negative stays so: the change
 * is no more than all of either.
 * Source: G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures", Stat. Med. 27, 2008.
 */
export function difference(a: Ranged, b: Ranged): Ranged {
  const value = b.value - a.value;
  const low = value - Math.sqrt((b.value - b.low) ** 2 + (a.high - a.value) ** 2);
  const high = value + Math.sqrt((b.high - b.value) ** 2 + (a.value - a.low) ** 2);
  const possible = a.value >= 0 && b.value >= 0;
  return { value, low: possible ? Math.max(low, -a.value) : low, high: possible ? Math.min(high, b.value) : high };
}
