/** What a learner has proved over the whole course, and what is still open. */
import { recordId, tally, type PartItems, type Records } from "./tally.ts";

export interface CoursePiece {
  readonly title: string;
  readonly items: PartItems;
}

export interface Completion {
  readonly begun: boolean;
  /** Every lab is passed, the capstone among them, and every question answered. Reading is the reader's own affair. */
  readonly complete: boolean;
  readonly passed: number;
  readonly labs: number;
  readonly answered: number;
  readonly questions: number;
  /** Best points of the capstone on fresh traffic; null until it was passed. */
  readonly capstone: { readonly points: number | null; readonly date: string } | null;
  /** Titles of the parts in which something is open, with how much. */
  readonly open: readonly { readonly title: string; readonly labs: number; readonly questions: number }[];
}

export const capstoneLab = "capstone";

export function completionOf(parts: readonly CoursePiece[], records: Records): Completion {
  const each = parts.map(({ title, items }) => ({ title, now: tally(items, records) }));
  const sum = (of: (one: (typeof each)[number]["now"]) => number) =>
    each.reduce((total, { now }) => total + of(now), 0);
  const open = each
    .map(({ title, now }) => ({ title, labs: now.labs - now.passed, questions: now.questions - now.answered }))
    .filter(({ labs, questions }) => labs + questions > 0);
  const record = records.get(recordId.lab(capstoneLab));
  return {
    begun: each.some(({ now }) => now.begun),
    complete: each.length > 0 && open.length === 0,
    passed: sum(({ passed }) => passed),
    labs: sum(({ labs }) => labs),
    answered: sum(({ answered }) => answered),
    questions: sum(({ questions }) => questions),
    capstone:
      record?.state === "passed"
        ? { points: typeof record.detail === "number" ? record.detail : null, date: record.date }
        : null,
    open,
  };
}

/** "3 labs and 2 questions": what of a part is open. */
export function openWords({ labs, questions }: { labs: number; questions: number }): string {
  const count = (n: number, one: string) => (n === 0 ? [] : [`${n} ${one}${n === 1 ? "" : "s"}`]);
  return [...count(labs, "lab"), ...count(questions, "question")].join(" and ");
}
