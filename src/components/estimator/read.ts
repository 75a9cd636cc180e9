/** From what was typed to a plan, and what is wrong with it field by field. */
import { isEmpty, type FieldName, type Typed } from "./fields.ts";
import type { Plan, Problems } from "./plan.ts";
import { readApi } from "./read-api.ts";
import { readLoad, readObjective } from "./read-load.ts";
import { readOwn } from "./read-own.ts";
import { TextReader } from "./text-reader.ts";

export interface Read {
  /** Null where the request or the load can't be read, or is not given yet. */
  readonly plan: Plan | null;
  readonly problems: Problems;
  /** Fields that are still to be filled in. */
  readonly missing: readonly FieldName[];
}

/** `today`: ISO date, for prices. */
export function read(typed: Typed, today: string): Read {
  if (isEmpty(typed)) return { plan: null, problems: {}, missing: [] };
  const reader = new TextReader(typed);
  const load = readLoad(reader);
  const objective = readObjective(reader);
  const rtt = reader.number("rtt", { least: 0, most: 60_000, unit: "ms" }) / 1000;
  if (!load || Number.isNaN(rtt)) return { plan: null, problems: reader.problems, missing: reader.missing };
  const api = typed.mode === "own" ? null : readApi(reader, load, rtt, today);
  const own = typed.mode === "api" ? null : readOwn(reader, load, rtt);
  return { plan: { load, objective, api, own }, problems: reader.problems, missing: reader.missing };
}
