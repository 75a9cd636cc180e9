/** The picture of the architecture in CONTRIBUTING is what the code does, and no file imports itself by way of others. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

const whenLoaded = String.raw`\bfrom\s+|\bimport\s+`;
const everywhere = String.raw`${whenLoaded}|\bimport\(\s*|new URL\(\s*`;

/** What each file under src names of the files beside it, by path from src. */
function importsUnderSrc(by: string): Map<string, string[]> {
  const named = new RegExp(String.raw`(?:${by})["'](\.{1,2}\/[^"'?]+)`, "g");
  const files = readdirSync(new URL("src", root), { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /\.(ts|tsx|astro|js|mjs)$/.test(file) && file.includes("/"));
  return new Map(
    files.map((file) => [
      file,
      [...read(`src/${file}`).matchAll(named)].map(([, to]) => posix.join(dirname(file), to!)),
    ]),
  );
}

/** `a --> b` wherever a file of src/b imports one of src/a. */
function importedBetweenRooms(): string[] {
  const arrows = new Set<string>();
  for (const [file, targets] of importsUnderSrc(everywhere))
    for (const target of targets) {
      const [from, into] = [target.split("/")[0]!, file.split("/")[0]!];
      // Style sheets, and files beside the rooms or outside src, are no room.
      if (target.includes("/") && from !== into && from !== ".." && from !== "styles")
        arrows.add(`${from} --> ${into}`);
    }
  return [...arrows].sort();
}

/** The first way found from a file back to itself. */
function circle(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const target of imports.get(file) ?? []) {
      const found = walk(target, [...way, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const found = walk(file, []);
    if (found) return found;
  }
  return undefined;
}

test("each arrow of the picture is an import, and each import between rooms is an arrow", () => {
  const picture = /```mermaid\n([\s\S]*?)```/.exec(read("CONTRIBUTING.md"))![1]!;
  const drawn = [...picture.matchAll(/^\s*(\w+ --> \w+)$/gm)].map(([, arrow]) => arrow!);
  expect(drawn.length).toBeGreaterThan(0);
  expect(drawn.sort()).toEqual(importedBetweenRooms());
});

test("no file imports itself by way of others, not even for a type", () => {
  const imports = importsUnderSrc(whenLoaded);
  expect([...imports.values()].flat().length).toBeGreaterThan(1000);
  expect(circle(imports)).toBeUndefined();
  expect(circle(new Map([...imports, ["engine/random.ts", ["lab/session.ts"]]]))).toContain("engine/random.ts");
});
