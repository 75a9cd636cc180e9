/** A sorted copy of a learner's numbers, refused where one of them is not a number. */
import { InputError } from "../errors.ts";

const MOST_SAMPLES = 1e8;

/** Ascending copy of `values`. Throws InputError for what is no list, and where a value is no number, NaN or infinite. */
export function sortedSamples(values: ArrayLike<number>, name = "values"): Float64Array {
  const { length } = (values ?? {}) as Partial<ArrayLike<number>>;
  if (typeof values !== "object" || !Number.isInteger(length) || !(length! >= 0 && length! <= MOST_SAMPLES))
    throw new InputError(name, values, "a list of numbers");
  const copy = new Float64Array(length!);
  for (let i = 0; i < copy.length; i++) {
    const value: unknown = values[i];
    if (typeof value !== "number" || !Number.isFinite(value))
      throw new InputError(`${name}[${i}]`, value, "a finite number");
    copy[i] = value;
  }
  return copy.sort();
}
