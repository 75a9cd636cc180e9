/** The draft of the authoring page: what is kept, in which order its files stand, and which links a repository is offered. */
import { expect, it } from "vitest";
import { inOrder, newFileLink, readDraft } from "../../../src/components/author-page/draft.ts";

it("files stand in the order in which one writes them, further ones last", () => {
  expect(inOrder({ "lab.yaml": "", "show.ts": "", "checks.ts": "", "a.ts": "", "solution.ts": "" })).toEqual([
    "solution.ts",
    "checks.ts",
    "lab.yaml",
    "a.ts",
    "show.ts",
  ]);
});

it("what is kept and is no draft is no draft", () => {
  const draft = { id: "x", files: { "a.ts": "1" } };
  expect(readDraft(JSON.stringify(draft))).toEqual(draft);
  expect(readDraft('{"id":"x","files":{"a.ts":"1","b.ts":2}}')).toEqual(draft);
  for (const text of [null, "", "{", "3", "null", '{"id":"x"}', '{"id":1,"files":{"a":"b"}}', '{"id":"x","files":{}}'])
    expect(readDraft(text), String(text)).toBeNull();
});

it("a file is proposed with its text filled in, unless it is longer than an address may be", () => {
  const draft = { id: "x", files: { "a.ts": "b & c\n", "long.ts": "y".repeat(8000) } };
  expect(newFileLink("https://github.com/o/n", draft, "a.ts")).toBe(
    "https://github.com/o/n/new/main?filename=labs%2Fx%2Fa.ts&value=b+%26+c%0A",
  );
  expect(newFileLink("https://github.com/o/n", draft, "long.ts")).toBeNull();
});
