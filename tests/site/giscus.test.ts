import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readGiscus } from "../../src/components/site/giscus.ts";

const folder = mkdtempSync(join(tmpdir(), "perflab-giscus-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(giscus: unknown) {
  const file = join(folder, "package.json");
  writeFileSync(file, JSON.stringify({ giscus }));
  return readGiscus(file);
}

test("no discussion is set up unless package.json says so, and half a setting is refused by name", () => {
  const whole = { repo: "owner/name", repoId: "R_1", category: "Lessons", categoryId: "DIC_1" };
  expect(read(undefined)).toBeUndefined();
  expect(read(whole)).toEqual(whole);
  expect(() => read({ ...whole, repo: "https://example.org/owner/name" })).toThrow(/giscus\.repo: must be owner\/name/);
  expect(() => read({ ...whole, categoryId: undefined })).toThrow(/giscus\.categoryId/);
});
