/** An entry that was written by hand, or read from a file, may hold anything: its numbers are looked at before they are used. */
import { InputError } from "../errors.ts";
import { within } from "../within.ts";

/** Bytes, FLOP/s and parameters stay far below. */
const MOST = 1e21;

/** Throws InputError for a number within `entry`, however deep, that is not finite, or below 0; and for a bigint or a symbol. */
export function checkSoundNumbers(field: string, entry: unknown, depth = 0): void {
  if (typeof entry === "object" && entry !== null) {
    if (depth > 8) throw new InputError(field, entry, "nested less deeply");
    for (const [name, value] of Object.entries(entry)) checkSoundNumbers(`${field}.${name}`, value, depth + 1);
  } else if (typeof entry === "number" || typeof entry === "bigint" || typeof entry === "symbol") {
    if (!within(entry, 0, MOST)) throw new InputError(field, entry, `a number from 0 to ${MOST}`);
  }
}
