/** Whether a value is a number in a range: a text "7", a bigint, a symbol or an object is none, whatever `<` makes of it. */

/** A number from `low` to `high`, both included. */
export function within(value: unknown, low: number, high: number): value is number {
  return typeof value === "number" && value >= low && value <= high;
}

/** A finite number above `low`. */
export function above(value: unknown, low: number): value is number {
  return typeof value === "number" && value > low && value < Infinity;
}
