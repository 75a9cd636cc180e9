/** What is said for hosts is what our own server does, and the container and the release are written as they should be. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, matchesGlob } from "node:path";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { hostingFiles } from "../../scripts/hosting.ts";
import { accuracyInputs } from "../../scripts/lab/accuracy.ts";
import { immutableFolders, siteHeaders } from "../../src/server/site-headers.ts";
import { isImmutable } from "../../src/server/site.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("hosting/", () => {
  test.each(Object.entries(hostingFiles()))("%s is what `npm run hosting` writes", (name, text) => {
    expect(read(`hosting/${name}`)).toBe(text);
  });
  test.each(Object.entries(hostingFiles("/course/")))(
    "%s has every header, and long keeping under the base path only",
    (_, text) => {
      for (const value of Object.values(siteHeaders)) expect(text).toContain(value);
      expect(text).toContain("/course/_astro/");
      expect(text).not.toMatch(/[^e]\/_astro\//);
    },
  );
  test("folders that are kept for ever hold nothing that our own server would ask for again", () => {
    for (const folder of immutableFolders) expect(isImmutable(`/${folder}/page.js`)).toBe(true);
  });
});

describe("the Dockerfile", () => {
  const lines = read("Dockerfile").split("\n");
  test("takes its base by digest, runs as another user than root, and is asked whether it is healthy", () => {
    expect(lines.filter((line) => line.startsWith("FROM "))).toEqual([
      "FROM ${NODE_IMAGE} AS build",
      "FROM ${NODE_IMAGE}",
    ]);
    expect(lines.find((line) => line.startsWith("ARG NODE_IMAGE="))).toMatch(/@sha256:[0-9a-f]{64}$/);
    const user = lines.indexOf("USER node");
    expect(user).toBeGreaterThan(0);
    expect(lines.findIndex((line) => line.startsWith("CMD "))).toBeGreaterThan(user);
    expect(lines.some((line) => line.startsWith("HEALTHCHECK "))).toBe(true);
  });
  test("copies and starts files that are there", () => {
    for (const path of ["package.json", "package-lock.json", "tools/empty/package.json", "src/server/start.ts"])
      expect(read(path).length).toBeGreaterThan(0);
  });
});

describe(".dockerignore", () => {
  const lines = read(".dockerignore")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  /** The last line that matches a path or a folder above it decides, as Docker has it. */
  const ignored = (path: string): boolean => {
    const parts = path.split("/");
    const above = parts.map((_, i) => parts.slice(0, i + 1).join("/"));
    const last = lines.findLast((line) => above.some((part) => matchesGlob(part, line.replace(/^!/, ""))));
    return last !== undefined && !last.startsWith("!");
  };
  /** What the site's and the build's own files import from the tests. */
  const imported = globSync("{src,scripts}/**/*.{ts,tsx,astro}", { cwd: root }).flatMap((file) =>
    [...read(file).matchAll(/^(?:import|export) .*"(\.\.?\/[^"]*)"/gm)]
      .map(([, path]) => join(dirname(file), path!))
      .filter((path) => path.startsWith("tests/")),
  );

  test("leaves out the tests themselves", () => {
    expect(ignored("tests/house/hosting.test.ts")).toBe(true);
    expect(ignored("tests/browser/site.spec.ts")).toBe(true);
    expect(ignored("src/server/start.ts")).toBe(false);
  });
  test("leaves nothing out that the build reads", () => {
    expect(imported).toContain("tests/browser/chromium.ts");
    expect(imported).toContain("tests/accuracy/record.json");
    expect([...accuracyInputs, ...imported].filter(ignored)).toEqual([]);
  });
});

test("a release is audited and tested before anything is published, with rights to write only where it is", () => {
  const { jobs, permissions } = parse(read(".github/workflows/release.yml")) as {
    permissions: object;
    jobs: Record<string, { needs?: string; permissions?: object; steps: { run?: string }[] }>;
  };
  const commands = jobs["check"]!.steps.map(({ run }) => run ?? "").join("\n");
  expect(commands.indexOf("npm audit --omit=dev")).toBeGreaterThan(-1);
  expect(commands).toContain("npm test");
  expect(permissions).toEqual({ contents: "read" });
  expect(jobs["release"]).toMatchObject({ needs: "check", permissions: { contents: "write" } });
});
