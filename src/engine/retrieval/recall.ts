/** How much of the truth a search found. */
import { InputError } from "../errors.ts";

/** Share of `truth` (ids) that is in `found`, 0–1. Throws InputError for an empty truth. */
export function recall(found: ArrayLike<number>, truth: ArrayLike<number>): number {
  if (truth.length === 0) throw new InputError("truth", truth, "at least one id");
  const have = new Set(Array.from(found));
  return Array.from(truth).filter((id) => have.has(id)).length / truth.length;
}
