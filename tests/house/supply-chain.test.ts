/** What is passed on to readers may be, and what is installed is what was tried. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { described, shippedPackages } from "../../src/components/site/shipped-packages.ts";

const folder = mkdtempSync(join(tmpdir(), "perflab-licence-"));
afterAll(() => rmSync(folder, { recursive: true }));
const root = join(import.meta.dirname, "../..");
const json = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8")) as Record<string, never>;

test("every package that readers are sent has a licence that lets it be", () => {
  const packages = shippedPackages(root);
  const names = packages.map(({ name }) => name);
  for (const name of [
    "preact",
    "monaco-editor",
    "dompurify",
    "esbuild-wasm",
    "@wllama/wllama",
    "pagefind",
    "idb",
    "fflate",
  ])
    expect(names).toContain(name);
  for (const name of ["vitest", "commander", "typescript", "node-llama-cpp"]) expect(names).not.toContain(name);
  for (const { name, licence, text } of packages) {
    expect(licence, name).toMatch(/^\(?(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|MPL-2\.0|OFL-1\.1|Unlicense)\b/);
    expect(text.length, name).toBeGreaterThan(20);
  }
});

test("a package without a licence, or with one whose text is missing, can't be sent", () => {
  const about = { name: "x", version: "1.0.0" };
  for (const license of [undefined, "", "UNLICENSED", "SEE LICENSE IN EULA", { type: "MIT" }])
    expect(() => described({ ...about, license }, folder)).toThrow("states no licence");
  expect(() => described({ ...about, license: "GPL-3.0" }, folder)).toThrow("brings no text");
  writeFileSync(join(folder, "LICENSE.md"), "Copyright (c) 2026 X\n\nPermission is granted.");
  expect(described({ ...about, license: "MIT" }, folder).copyright).toBe("Copyright (c) 2026 X");
});

test.each([
  "package.json",
  "tools/firefox/package.json",
  "tools/lighthouse/package.json",
  "tools/retrieval/package.json",
])("every version in %s is exact", (path) => {
  const about = json(path);
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies", "overrides"])
    for (const [name, version] of Object.entries(about[kind] ?? {}))
      expect(String(version), `${kind}: ${name}`).toMatch(/^(\d+\.\d+\.\d+(-[\w.]+)?|file:\.\/tools\/\w+)$/);
});

test("the lockfile has each package's content hash, and names no registry of anybody's own", () => {
  const packages = Object.entries(json("package-lock.json")["packages"] as Record<string, Record<string, string>>);
  const fetched = packages.filter(
    ([path, { link, resolved }]) =>
      path !== "" && !link && !resolved && path.includes("node_modules/") && !path.endsWith("tools/empty"),
  );
  expect(fetched.length).toBeGreaterThan(500);
  for (const [path, { integrity, bundled }] of fetched) if (!bundled) expect(integrity, path).toMatch(/^sha512-/);
});
