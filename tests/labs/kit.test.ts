/** The parts of the author's kit: seeds, mutants, schemas, and the folder that new:lab writes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "prettier";
import { describe, expect, it } from "vitest";
import { mutantsOf } from "../../scripts/lab/mutants.ts";
import { newLab, stillToWrite } from "../../scripts/lab/new-lab.ts";
import { root } from "../../scripts/lab/output.ts";
import { schemaFiles } from "../../scripts/lab/schema-files.ts";
import { allSeeds, seedsInWords, someSeeds } from "../../src/lab/seeds.ts";

describe("the seeds of a proof", () => {
  it("are 40 different ones that a check can be given", () => {
    expect(new Set(allSeeds).size).toBe(40);
    for (const seed of allSeeds) expect(seed === seed >>> 0).toBe(true);
    expect(Math.max(...allSeeds)).toBeGreaterThan(4e9);
  });
  it.each(Array.from({ length: 19 }, (_, i) => i + 2))("meet every residue modulo %i", (modulus) => {
    expect(new Set(allSeeds.map((seed) => seed % modulus)).size).toBe(modulus);
  });
  it.each([23, 29, 31, 37])("meet nearly every residue modulo %i", (prime) => {
    expect(new Set(allSeeds.map((seed) => seed % prime)).size).toBeGreaterThan(0.75 * prime);
  });
  it("are even and odd even where only two are taken", () => {
    expect(
      someSeeds(2)
        .map((seed) => seed % 2)
        .sort(),
    ).toEqual([0, 1]);
    expect(new Set(someSeeds(40)).size).toBe(40);
  });
  it("are told by their rule where they have one", () => {
    const tried = [0, 1, 2, 3, 4, 5];
    expect(seedsInWords([0, 2, 4], tried)).toBe("every even seed");
    expect(seedsInWords([0, 3], tried)).toBe("every seed with seed % 3 = 0");
    expect(seedsInWords([0, 1], tried)).toBe("2 of 6 seeds, such as 0, 1");
    expect(seedsInWords(tried, tried)).toBe("all 6 seeds");
  });
});

describe("mutants", () => {
  const whats = (code: string) => mutantsOf(code).map(({ line, what }) => `${line}: ${what}`);

  it("change operators and numbers of exported functions, however they are written", () => {
    expect(whats("export function f(n: number) {\n  return n-1;\n}\n")).toEqual([
      "1: `f` gives nothing",
      "2: - becomes + in `n-1`",
      "2: 1 becomes 3 in `n-1`",
    ]);
    expect(whats("export const f = (n: number) => n && n;\n")).toEqual([
      "1: `f` gives nothing",
      "1: && becomes || in `n && n`",
    ]);
  });
  it("reach functions that an exported one calls, and no others", () => {
    const code =
      "const g = (a: number) => a * a;\nfunction h(a: number) { return a / a; }\nexport function f(a: number) { return g(a); }\nconsole.log(h(1) + 2);\n";
    expect(whats(code)).toEqual(["1: * becomes / in `a * a`", "3: `f` gives nothing"]);
  });
  it("leave comments and text alone", () => {
    expect(whats('export function f() {\n  // 1 + 1\n  return "1 + 1" + `${f}`;\n}\n')).toEqual([
      "1: `f` gives nothing",
    ]);
  });
  it("each change one thing and still parse", () => {
    const { "solution.ts": solution = "" } = newLab("x");
    for (const { code } of mutantsOf(solution)) expect(code).not.toBe(solution);
  });
});

it("the JSON Schemas that editors read are current: npm run schema:lab writes them", async () => {
  for (const [file, text] of Object.entries(await schemaFiles()))
    expect(readFileSync(join(root, "labs", file), "utf8"), file).toBe(text);
});

it("every field of the schemas has a description", async () => {
  const bare: string[] = [];
  const walk = (schema: Record<string, unknown>, path: string): void => {
    for (const [name, field] of Object.entries(
      (schema["properties"] ?? {}) as Record<string, Record<string, unknown>>,
    )) {
      if (typeof field["description"] !== "string") bare.push(`${path}${name}`);
      walk(field, `${path}${name}.`);
    }
    const inner = ["anyOf", "oneOf"].flatMap((key) => (schema[key] ?? []) as Record<string, unknown>[]);
    for (const more of [...inner, schema["items"], schema["additionalProperties"]])
      if (typeof more === "object" && more !== null) walk(more as Record<string, unknown>, path);
  };
  for (const text of Object.values(await schemaFiles())) walk(JSON.parse(text) as Record<string, unknown>, "");
  expect(bare).toEqual([]);
});

it("what a lab still has from new:lab is told with its line, and nothing of what is one's own", () => {
  const { "lab.yaml": yaml = "" } = newLab("x");
  expect(stillToWrite(yaml).map(({ field }) => field)).toEqual(["question", "debrief", "stretch"]);
  const own = yaml.replace(/^question: .*$/m, "question: Mine?").replace(/^stretch: .*\n/m, "");
  expect(stillToWrite(own)).toEqual([
    { field: "debrief", line: own.split("\n").findIndex((l) => l.startsWith("debrief")) + 1 },
  ]);
});

it("the folder that new:lab writes is formatted", async () => {
  for (const [file, text] of Object.entries(newLab("my-first-lab")))
    expect(await check(text, { filepath: file, printWidth: 120 }), file).toBe(true);
});
