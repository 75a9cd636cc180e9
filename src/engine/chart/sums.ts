/** Sums that stay numbers: picture, table and sentence add up the same way. */

/** a + b, held at the largest number where there is none for it. */
export function add(a: number, b: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, a + b));
}

export function sum(values: readonly number[]): number {
  return values.reduce(add, 0);
}
