/** Every lesson has the form that the guide asks for: minutes that are true, sources that are cited, beliefs that are refuted. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { quizSchema } from "../../src/components/quiz/schema.ts";
import { readLabFolder } from "../../scripts/lab/lab-folders.ts";
import { leftIn } from "../../scripts/lab/new-lesson.ts";
import { attributes, lessonTexts } from "./lesson-text.ts";

interface Source {
  readonly id: string;
  readonly url: string;
}
const sources = parse(readFileSync("content/sources.yaml", "utf8")) as readonly Source[];
const terms = new Set(
  (parse(readFileSync("content/glossary.yaml", "utf8")) as readonly { id: string }[]).map(({ id }) => id),
);
const WORDS_A_MINUTE = 200;

describe.each(lessonTexts())("$id", ({ id, front, body, words }) => {
  const labs = attributes(body, "Lab", "id");
  const figures = [...attributes(body, "Figure", "id"), ...attributes(body, "MovingFigure", "id")];

  test("its minutes are what text and labs really take", () => {
    if (typeof front.minutes !== "object") throw new Error("a lesson says { reading, withLabs }");
    const { reading, withLabs } = front.minutes;
    expect(
      Math.abs(reading / (words / WORDS_A_MINUTE) - 1),
      `${words} words are ${(words / WORDS_A_MINUTE).toFixed(1)} minutes`,
    ).toBeLessThan(0.2);
    const inLabs = labs.map((lab) => readLabFolder(lab).sources!.definition.minutes);
    expect(withLabs - reading).toBe(inLabs.reduce((a, b) => a + b, 0));
  });

  test("it lists what it cites", () => {
    const cited = new Set([
      ...attributes(body, "Source", "id"),
      ...attributes(body, "Belief", "source"),
      ...[...body.matchAll(/source: "([^"]+)"/g)].map(([, source = ""]) => source),
    ]);
    for (const source of cited) expect(front.sources, source).toContain(source);
  });

  test("its terms are in the glossary", () => {
    for (const term of attributes(body, "Term", "id")) expect(terms, term).toContain(term);
  });

  test("it opens with a question, refutes beliefs, and ends with takeaways, a quiz and a decision", () => {
    for (const piece of ["<Opener>", "<Takeaways>", `<Quiz id="${id}"`, "<Decision", "<FurtherReading"])
      expect(body, `${piece} is missing`).toContain(piece);
    expect(attributes(body, "Belief", "claim").length).toBeGreaterThan(0);
    for (const lab of attributes(body, "Belief", "lab")) expect(labs, "the lab that refutes a belief").toContain(lab);
    for (const figure of attributes(body, "Belief", "figure"))
      expect(figures, "the figure that refutes a belief").toContain(figure);
  });

  test("at least three figures, one of them moved by the text", () => {
    expect(figures.length).toBeGreaterThanOrEqual(3);
    const moved = attributes(body, "Point", "figure");
    expect(moved.length).toBeGreaterThan(0);
  });

  test("its quiz has five questions, some of them in the form of the labs", () => {
    const { part, questions } = quizSchema.parse(parse(readFileSync(`content/quizzes/${id}.yaml`, "utf8")));
    expect(part).toBe(front.part);
    expect(questions).toHaveLength(5);
    expect(questions.filter(({ kind }) => kind !== "choice").length).toBeGreaterThanOrEqual(2);
    expect(new Set(questions.map((question) => question.id)).size).toBe(5);
  });
});

test("nothing is still to be written, in any lesson, its quiz, its figures and their test", () => {
  expect(leftIn(".")).toEqual([]);
});

test("addresses of sources are whole, and each source has one entry", () => {
  for (const { id, url } of sources) expect(new URL(url).protocol, id).toBe("https:");
  expect(new Set(sources.map(({ id }) => id)).size).toBe(sources.length);
});

test("no slip of a question of a quiz is the right answer, and each right answer is judged right", async () => {
  const { judge } = await import("../../src/components/quiz/judge.ts");
  for (const { id } of lessonTexts()) {
    if (!existsSync(`content/quizzes/${id}.yaml`)) continue;
    for (const question of quizSchema.parse(parse(readFileSync(`content/quizzes/${id}.yaml`, "utf8"))).questions) {
      if (question.kind !== "number") continue;
      const key = { ...question, value: question.answer };
      expect(judge(String(question.answer), key).kind, question.id).toBe("right");
      for (const { value, why } of question.slips)
        expect(judge(String(value), key), `${question.id}: ${value}`).toEqual({ kind: "slip", says: why });
    }
  }
});
