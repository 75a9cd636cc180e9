/** Plans for tests, from what a reader would type. */
import { answer, type Answer } from "../../../src/components/estimator/answer.ts";
import { untouched, type FieldName, type Typed } from "../../../src/components/estimator/fields.ts";
import { read, type Read } from "../../../src/components/estimator/read.ts";

export type Change = Partial<Record<FieldName, string>>;

/** A small request, ten thousand a day. */
export const chat: Typed = { ...untouched, in: "2000", out: "300", calls: "10000" };

export function readWith(change: Change, today = "2026-08-05"): Read {
  return read({ ...chat, ...change }, today);
}

/** Throws where the plan can't be read. */
export function answered(change: Change, today?: string): Answer {
  const { plan, problems } = readWith(change, today);
  if (plan === null) throw new Error(JSON.stringify(problems));
  return answer(plan);
}
