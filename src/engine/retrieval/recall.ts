/** How much of the truth a search found. */
import { InputError } from "../errors.ts";
import { within } from "../within.ts";

const MOST_IDS = 1e8;

/** Share of `truth` (ids) that is in `found`, 0–1. Throws InputError for what is no list, and for an empty truth. */
export function recall(found: ArrayLike<number>, truth: ArrayLike<number>): number {
  checkIds("found", found, 0);
  checkIds("truth", truth, 1);
  const have = new Set(Array.from(found));
  return Array.from(truth).filter((id) => have.has(id)).length / truth.length;
}

function checkIds(field: string, ids: unknown, least: number): void {
  const { length } = (ids ?? {}) as Partial<ArrayLike<number>>;
  if (typeof ids !== "object" || !within(length, least, MOST_IDS))
    throw new InputError(field, ids, least > 0 ? "a list of at least one id" : "a list of ids");
}
