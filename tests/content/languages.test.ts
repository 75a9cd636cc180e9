/** The texts of a second language hold together with the English: every phrase is one that the code says, and nothing it says lacks one. */
import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { questionIn, type QuestionWords } from "../../src/components/quiz/translated.ts";
import { quizSchema } from "../../src/components/quiz/schema.ts";
import { secondLanguages } from "../../src/languages.ts";
import { knows, type Phrases } from "../../src/lab/phrases.ts";
import { attributes, lessonText } from "./lesson-text.ts";

const read = <T>(file: string): T => parse(readFileSync(file, "utf8")) as T;
const sources = [...globSync("src/components/**/*.{astro,ts,tsx}"), ...globSync("src/{lab,engine}/**/*.ts")].filter(
  (file) => !file.includes("/language/"),
);
const squeezed = (text: string): string => text.replace(/\s+/g, " ");
const code = squeezed(sources.map((file) => readFileSync(file, "utf8")).join("\n"));

/** Whether the code has a phrase somewhere: what stands between its holes, whole or put together out of a few parts. */
function isSaid(phrase: string): boolean {
  return squeezed(phrase)
    .split(/\{\d\}/)
    .every((piece) => partsOf(piece.trim()) <= 4);
}

function partsOf(piece: string): number {
  if (piece.length <= 1) return 0;
  let found = piece.length;
  while (found > 1 && !code.includes(piece.slice(0, found))) found--;
  return found <= 1 ? Infinity : 1 + partsOf(piece.slice(found).trimStart());
}

describe.each(Object.keys(secondLanguages))("%s", (lang) => {
  const words = read<Phrases>(`content/${lang}/words.yaml`);
  const figures = read<Phrases>(`content/${lang}/figures.yaml`);

  test.each([
    ["words.yaml", words],
    ["figures.yaml", figures],
  ])("what %s translates is something that the site says", (_, phrases) => {
    expect(Object.keys(phrases).filter((key) => !isSaid(key))).toEqual([]);
    expect(isSaid("Nobody has ever written these words, xylophone or not")).toBe(false);
  });

  test("a phrase has the same holes in both languages", () => {
    const holes = (text: string) => [...new Set(text.match(/\{\d\}/g) ?? [])].sort().join();
    const other = Object.entries({ ...words, ...figures }).filter(([english, own]) => holes(english) !== holes(own));
    expect(other).toEqual([]);
  });

  test("whatever a lesson, a figure, a quiz or the frame of a page says, the dictionary knows", () => {
    const said = sources.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\bsay\(\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`),?\s*\)/g)].map(
        ([, plain, template]) => plain ?? template?.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "12") ?? "",
      ),
    );
    expect(said.length).toBeGreaterThan(100);
    const unknown = new Set(said.filter((text) => /\p{L}{2}/u.test(text) && !knows({ ...words, ...figures }, text)));
    expect([...unknown]).toEqual([]);
  });

  test("its glossary has terms that there are", () => {
    const terms = read<readonly { id: string }[]>("content/glossary.yaml").map(({ id }) => id);
    const own = read<Record<string, unknown>>(`content/${lang}/glossary.yaml`);
    for (const id of Object.keys(own)) expect(terms).toContain(id);
  });

  const lessons = globSync(`content/${lang}/lessons/*.mdx`).map((file) => file.replace(/^.*\/|\.mdx$/g, ""));

  test.each(lessons)("%s is made of the same pieces, in the same order, and its terms are translated", (id) => {
    const [english, own] = ["content", `content/${lang}`].map((folder) =>
      lessonText(id, readFileSync(`${folder}/lessons/${id}.mdx`, "utf8")),
    );
    for (const [component, name] of [
      ["Lab", "id"],
      ["Figure", "id"],
      ["MovingFigure", "id"],
      ["Point", "state"],
      ["Source", "id"],
      ["Belief", "lab"],
      ["Belief", "figure"],
    ] as const)
      expect(attributes(own!.body, component, name), `<${component} ${name}>`).toEqual(
        attributes(english!.body, component, name),
      );
    expect(own!.front.sources).toEqual(english!.front.sources);
    expect(own!.front.minutes).toEqual(english!.front.minutes);
    expect(own!.front.objectives).toHaveLength(english!.front.objectives!.length);
    const glossary = read<Record<string, unknown>>(`content/${lang}/glossary.yaml`);
    for (const term of attributes(own!.body, "Term", "id")) expect(Object.keys(glossary)).toContain(term);
  });

  test.each(lessons)("the quiz of %s has words for every question", (id) => {
    const { questions } = quizSchema.parse(read(`content/quizzes/${id}.yaml`));
    const own = read<Record<string, QuestionWords>>(`content/${lang}/quizzes/${id}.yaml`);
    expect(Object.keys(own)).toEqual(questions.map((question) => question.id));
    for (const question of questions) expect(() => questionIn(question, own[question.id]!)).not.toThrow();
  });
});
