/** A sorted copy of a learner's numbers, refused where one of them is not a number. */
import { InputError } from "../errors.ts";

/** Ascending copy of `values`. Throws InputError where a value is NaN or infinite. */
export function sortedSamples(values: ArrayLike<number>, name = "values"): Float64Array {
  const copy = Float64Array.from(values);
  for (let i = 0; i < copy.length; i++)
    if (!Number.isFinite(copy[i])) throw new InputError(`${name}[${i}]`, values[i], "a finite number");
  return copy.sort();
}
