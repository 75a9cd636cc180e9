/** The lesson that new:lesson writes passes what can pass before it is written, and says with file and line what is still to write. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { check } from "prettier";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { leftIn, leftToWrite, newLesson, withModule } from "../../scripts/lab/new-lesson.ts";
import { pageFields } from "../../src/components/lesson/frontmatter.ts";
import { quizSchema } from "../../src/components/quiz/schema.ts";
import { lessonText } from "../content/lesson-text.ts";

const lesson = newLesson("09-speculative-tools");
const text = (start: string) => Object.entries(lesson.files).find(([file]) => file.startsWith(start))?.[1] ?? "";

it("its files are formatted", async () => {
  for (const [file, content] of Object.entries(lesson.files))
    expect(await check(content, { filepath: file, printWidth: 120 }), file).toBe(true);
});

it("its frontmatter and its quiz are whole, and its minutes are those of its words", () => {
  const { front, words } = lessonText(lesson.id, text("content/lessons"));
  expect(front.part).toBe(9);
  expect(Math.abs((front.minutes as { reading: number }).reading / (words / 200) - 1)).toBeLessThan(0.2);
  const { questions } = quizSchema.parse(parse(text("content/quizzes")));
  expect(questions).toHaveLength(5);
  expect(questions.filter(({ kind }) => kind !== "choice")).toHaveLength(2);
  expect(pageFields.safeParse({ ...front, part: 100 }).success).toBe(false);
});

it("it has one of each piece, and its module is named in the text as in @course", () => {
  for (const piece of [
    "Opener",
    "TryIt",
    "Figure",
    "MovingFigure",
    "Point",
    "WorkedExample",
    "Gap",
    "WhereItGoesWrong",
    "Belief",
    "Takeaways",
    "Quiz",
    "Decision",
    "FurtherReading",
    "Source",
    "Term",
  ])
    expect(text("content/lessons"), piece).toContain(`<${piece}`);
  expect(text("content/lessons")).toContain("speculativeTools as own,");
  expect(withModule("a\n/** Examples of the figures kit. */\nb", lesson)).toBe(
    'a\nexport * as speculativeTools from "./figures/lesson-speculative-tools.ts";\n/** Examples of the figures kit. */\nb',
  );
});

it("what is still to write is told with file and line", () => {
  const left = Object.entries(lesson.files).flatMap(([file, content]) => leftToWrite(file, content));
  expect(left[0]).toMatch(
    /^content\/lessons\/09-speculative-tools\.mdx:3 description: "WRITE: what the reader finds out/,
  );
  expect(left.length).toBeGreaterThan(20);
});

it("what is left is found in each folder that new:lesson writes to", () => {
  const root = mkdtempSync(join(tmpdir(), "lesson-"));
  for (const [file, content] of Object.entries(lesson.files)) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), `${content}WRITE: something more\n`);
  }
  const files = new Set(leftIn(root).map((line) => line.split(":")[0]));
  rmSync(root, { recursive: true });
  expect(files).toEqual(new Set(Object.keys(lesson.files)));
});

it.each(["speculative", "9-a", "00-a", "09-A b"])("%s is no id of a lesson", (id) => {
  expect(() => newLesson(id)).toThrow(/A lesson's id is its part and its name, such as 09-speculative-decoding/);
});
