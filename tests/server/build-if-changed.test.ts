import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { sourceHash } from "../../src/server/build-if-changed.ts";

let root: string;
const put = (path: string, text: string) => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "perflab-sources-"));
  put("package-lock.json", "{}");
  put("content/lessons/01.mdx", "one");
  put("src/pages/index.astro", "page");
});

describe("the hash of the sources", () => {
  it("is the same for the same sources", () => expect(sourceHash(root)).toBe(sourceHash(root)));

  it.each([
    "content/lessons/01.mdx",
    "content/lessons/02.mdx",
    "labs/a/starter.ts",
    "src/pages/index.astro",
    "package-lock.json",
  ])("changes with %s", (path) => {
    const before = sourceHash(root);
    put(path, "changed");
    expect(sourceHash(root)).not.toBe(before);
  });

  it.each(["src/server/start.ts", "public/generated/lab.js", "README.md", "dist/index.html"])(
    "does not change with %s",
    (path) => {
      const before = sourceHash(root);
      put(path, "changed");
      expect(sourceHash(root)).toBe(before);
    },
  );
});
