/** Labs outside this repository: folders and packages that labs.config.json names, and what is said of an entry that is neither. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readLabFolder } from "../../scripts/lab/lab-folders.ts";
import { labFolders } from "../../src/project/lab-folders.ts";

let both = "";
let root = "";
let company = "";
afterAll(() => rmSync(both, { recursive: true, force: true }));
beforeAll(() => {
  both = mkdtempSync(join(tmpdir(), "labs-"));
  [root, company] = [join(both, "course"), join(both, "company")];
  for (const folder of [
    join(root, "labs", "ours"),
    join(company, "theirs"),
    join(company, ".git"),
    join(root, "node_modules", "@company", "course", "labs", "packed"),
  ])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, "labs", "lab.schema.json"), "{}");
});
const found = (labs: unknown) => labFolders(root, JSON.stringify({ labs })).map(({ id, at }) => [id, at]);

it("without an entry there are those of labs/", () => {
  expect(labFolders(root).map(({ id }) => id)).toEqual(["ours"]);
});

it("a folder beside the repository and a package bring theirs, told by where they lie", () => {
  expect(found(["../company", "@company/course"])).toEqual([
    ["ours", "labs/ours"],
    ["packed", "node_modules/@company/course/labs/packed"],
    ["theirs", "../company/theirs"],
  ]);
  expect(found([company])).toHaveLength(2);
});

it.each([
  [["../nowhere"], 'labs.config.json names "../nowhere", which is no folder.'],
  [
    ["@company/other"],
    'labs.config.json names "@company/other", which is no folder, nor a package in node_modules with a folder labs/.',
  ],
  ["../company", '"labs" in labs.config.json must be a list of folders or packages, such as ["../our-course/labs"].'],
])("%j is told as it is", (labs, says) => {
  expect(() => found(labs)).toThrow(says);
});

it("another field, and what is no JSON, are told", () => {
  expect(() => labFolders(root, '{ "labs": [], "lessons": [] }')).toThrow(
    'has a field "lessons"; it has "labs" and "courses" alone.',
  );
  expect(() => labFolders(root, "labs: []")).toThrow(/^labs\.config\.json is not JSON: /);
});

it("two labs of one name are told, with both places", () => {
  mkdirSync(join(company, "ours"), { recursive: true });
  expect(() => found(["../company"])).toThrow("../company/ours and labs/ours have one name, and with it one address.");
});

it.each([
  ["modules", "No lab can be called modules: that is the name of the list of what a lab may import."],
  ["workspace", "No lab can be called workspace: that is the name of the free workspace."],
  ["Our_Lab", "A lab’s name is in small letters, with hyphens between words, such as my-lab."],
])("a folder that can't be a lab, %s, is told before anything is built from it", (name, why) => {
  const folder = join(root, "more", name);
  mkdirSync(folder, { recursive: true });
  expect(() => found(["more"])).toThrow(`more/${name} can't be a lab. ${why} Rename the folder.`);
  rmSync(folder, { recursive: true });
});

it("the example that this repository lists is read from its own folder, and what is wrong with it is told there", () => {
  const { sources, faults } = readLabFolder("a-chat-that-grows");
  expect(faults).toEqual([]);
  expect(sources?.at).toBe("examples/labs/a-chat-that-grows");
});
