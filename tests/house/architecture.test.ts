/** The picture of the architecture in CONTRIBUTING is what the code does. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

/** `a --> b` wherever a file of src/b imports one of src/a. */
function importedBetweenRooms(): string[] {
  const arrows = new Set<string>();
  const files = readdirSync(new URL("src", root), { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /\.(ts|tsx|astro|js|mjs)$/.test(file) && file.includes("/"));
  for (const file of files)
    for (const [, to] of read(`src/${file}`).matchAll(
      /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*|new URL\(\s*)["'](\.{1,2}\/[^"'?]+)/g,
    )) {
      const target = posix.join(dirname(file), to!);
      const [from, into] = [target.split("/")[0]!, file.split("/")[0]!];
      // Style sheets, and files beside the rooms or outside src, are no room.
      if (target.includes("/") && from !== into && from !== ".." && from !== "styles")
        arrows.add(`${from} --> ${into}`);
    }
  return [...arrows].sort();
}

test("each arrow of the picture is an import, and each import between rooms is an arrow", () => {
  const picture = /```mermaid\n([\s\S]*?)```/.exec(read("CONTRIBUTING.md"))![1]!;
  const drawn = [...picture.matchAll(/^\s*(\w+ --> \w+)$/gm)].map(([, arrow]) => arrow!);
  expect(drawn.length).toBeGreaterThan(0);
  expect(drawn.sort()).toEqual(importedBetweenRooms());
});
