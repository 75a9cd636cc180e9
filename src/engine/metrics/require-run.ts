/** Refuses what is not a Run, before a column of it is read. */
import { InputError } from "../errors.ts";
import type { Run } from "../run.ts";

/** Throws InputError, with a word on promises: `benchmark` without `await` is the usual slip. */
export function requireRun(field: string, run: Run): void {
  const given: unknown = run;
  if (typeof given === "object" && given !== null && "requests" in given && "origin" in given) return;
  const promised = typeof given === "object" && given !== null && "then" in given;
  throw new InputError(field, promised ? "a promise" : given, promised ? "a Run: put await before it" : "a Run");
}
