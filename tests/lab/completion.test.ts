/** What the completion page says: nothing, half-way or complete, with what is open. */
import { expect, it } from "vitest";
import { completionOf, openWords } from "../../src/lab/progress/completion.ts";
import { byId } from "../../src/lab/progress/tally.ts";
import type { ProgressRecord } from "../../src/lab/storage-records.ts";

const date = "2026-11-27T10:00:00Z";
const parts = [
  { title: "One", items: { lesson: "01-one", labs: ["a", "b"], questions: ["q"] } },
  { title: "The capstone", items: { lesson: undefined, labs: ["capstone"], questions: [] } },
];
const passed = (lab: string, detail?: number): ProgressRecord => ({
  id: `lab:${lab}`,
  state: "passed",
  date,
  ...(detail === undefined ? {} : { detail }),
});
const answered: ProgressRecord = { id: "quiz:01-one/q", state: "answered", date };
const of = (...records: ProgressRecord[]) => completionOf(parts, byId(records));

it("has not begun where nothing was done", () => {
  expect(of()).toMatchObject({ begun: false, complete: false, passed: 0, labs: 3, capstone: null });
});

it("says half-way what is open, part by part", () => {
  const half = of(passed("a"), answered);
  expect(half).toMatchObject({ begun: true, complete: false, passed: 1, answered: 1, questions: 1 });
  expect(half.open).toEqual([
    { title: "One", labs: 1, questions: 0 },
    { title: "The capstone", labs: 1, questions: 0 },
  ]);
  expect(openWords({ labs: 1, questions: 2 })).toBe("1 lab and 2 questions");
});

it("is complete with every lab, question and the capstone, and keeps the capstone's points", () => {
  const whole = of(passed("a"), passed("b"), passed("capstone", 91.5), answered);
  expect(whole).toMatchObject({ complete: true, open: [], capstone: { points: 91.5, date } });
  expect(of(passed("a"), passed("b"), answered).complete).toBe(false);
});
