/** Questions from earlier parts: three, spaced, the same for everybody. */
import { expect, test } from "vitest";
import { spacedQuestions } from "../../../src/components/lesson/spacing.ts";

const five = [5, 5, 5, 5, 5, 5, 5, 5];

test("part 1 asks nothing, part 2 asks three of part 1", () => {
  expect(spacedQuestions(1, five)).toEqual([]);
  expect(spacedQuestions(2, five)).toEqual([0, 1, 2].map((question) => ({ part: 1, question })));
});

test("later parts ask one, two and four parts back", () => {
  expect(spacedQuestions(5, five).map(({ part }) => part)).toEqual([4, 3, 1]);
  expect(spacedQuestions(8, five).map(({ part }) => part)).toEqual([7, 6, 4]);
});

test("no question comes twice before its quiz has no other", () => {
  const asked = [2, 3, 4, 5, 6, 7, 8].flatMap((part) => spacedQuestions(part, five));
  expect(asked).toHaveLength(21);
  for (const part of [1, 2, 3, 4, 5, 6, 7]) {
    const mine = asked.filter((question) => question.part === part).map(({ question }) => question);
    expect(new Set(mine.slice(0, 5)).size, `part ${part}`).toBe(Math.min(5, mine.length));
  }
});

test("a part without a quiz yet is passed over", () => {
  expect(spacedQuestions(4, [5, 0, 5]).map(({ part }) => part)).toEqual([3, 1, 3]);
  expect(spacedQuestions(3, [0, 0])).toEqual([]);
});
