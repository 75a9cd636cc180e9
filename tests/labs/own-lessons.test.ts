/** Lessons outside this repository: the courses that labs.config.json names, and what is said of an entry or a file that is none. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { labIds } from "../../scripts/lab/lab-folders.ts";
import { ownLessons } from "../../src/project/own-lessons.ts";
import { lessonText } from "../content/lesson-text.ts";

let both = "";
let root = "";
let packed = "";
afterAll(() => rmSync(both, { recursive: true, force: true }));
beforeAll(() => {
  both = mkdtempSync(join(tmpdir(), "lessons-"));
  root = join(both, "course");
  packed = join(root, "node_modules", "@company", "course", "lessons");
  for (const folder of [packed, join(both, "team")]) mkdirSync(folder, { recursive: true });
  for (const file of ["02-b.mdx", "01-a.mdx", "_draft.mdx", "notes.txt"]) writeFileSync(join(packed, file), "");
  writeFileSync(join(both, "team", "gpus.mdx"), "");
});
const found = (courses: unknown) => ownLessons(root, JSON.stringify({ labs: [], courses }));

it("a folder beside the repository and an installed package bring their lessons, in the order of their names", () => {
  const courses = found([
    { title: "Ours", lessons: "@company/course" },
    { title: "The team's", lessons: "../team" },
  ]);
  expect(courses.map(({ title, at, lessons }) => [title, at, lessons.map(({ id }) => id)])).toEqual([
    ["Ours", "node_modules/@company/course/lessons", ["courses/01-a", "courses/02-b"]],
    ["The team's", "../team", ["courses/gpus"]],
  ]);
});

it("without such a field there are none", () => {
  expect(ownLessons(root, '{ "labs": [] }')).toEqual([]);
  expect(ownLessons(root)).toEqual([]);
});

it.each([
  [[{ title: "T", lessons: "../nowhere" }], 'labs.config.json names "../nowhere", which is no folder.'],
  [[{ title: "T", lessons: "@company/other" }], "nor a package in node_modules with a folder lessons/."],
  [["../team"], '"courses" in labs.config.json must be a list such as [{ "title": "Our servers"'],
  [[{ title: " ", lessons: "../team" }], '"courses" in labs.config.json must be a list'],
  [[{ title: "T", lessons: "../team", labs: "x" }], '"courses" in labs.config.json must be a list'],
  [{}, '"courses" in labs.config.json must be a list'],
])("%j is told as it is", (courses, says) => {
  expect(() => found(courses)).toThrow(says);
});

it.each(["Our GPUs.mdx", "naïve.mdx", "a--b.mdx", "a.md"])("a file %s has no address, and is told", (file) => {
  writeFileSync(join(both, "team", file), "");
  expect(() => found([{ title: "T", lessons: "../team" }])).toThrow(`../team/${file} can't be a lesson`);
  rmSync(join(both, "team", file));
});

it("two lessons of one name are told, with both places", () => {
  writeFileSync(join(both, "team", "01-a.mdx"), "");
  const courses = [
    { title: "Ours", lessons: "@company/course" },
    { title: "T", lessons: "../team" },
  ];
  expect(() => found(courses)).toThrow(
    "../team/01-a.mdx and node_modules/@company/course/lessons/01-a.mdx have one name, and with it one address.",
  );
  rmSync(join(both, "team", "01-a.mdx"));
});

it("the example says how long it takes at 200 words a minute, belongs to no part, and its labs are there", () => {
  const [example] = ownLessons(".");
  expect(example?.at).toBe("examples/lessons");
  for (const { id, file } of example!.lessons) {
    const { front, body, words } = lessonText(id, readFileSync(join(example!.path, file), "utf8"));
    expect(front.part).toBeUndefined();
    expect(Math.abs((front.minutes as number) - words / 200)).toBeLessThanOrEqual(2);
    const labs = [...body.matchAll(/<Lab id="([^"]+)"/g)].map(([, lab]) => lab);
    expect(labs.length).toBeGreaterThan(0);
    for (const lab of labs) expect(labIds()).toContain(lab);
  }
});
