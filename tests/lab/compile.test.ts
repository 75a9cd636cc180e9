import * as esbuild from "esbuild";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/lab/compile/compiler.ts";
import { locateError } from "../../src/lab/locate.ts";

const modules = { perflab: ["simulate", "chart"] };
const build = (main: string) => compile(esbuild, { entry: "main.ts", files: { "main.ts": main }, modules });
const problem = async (main: string) => {
  const result = await build(main);
  if (result.ok) throw new Error("it compiled");
  return result.problems[0]!;
};

describe("compiling a lab", () => {
  it("never bundles the engine again", async () => {
    const result = await build(`import { simulate } from "perflab"; export const x = simulate;`);
    expect(result.ok && result.compiled.code.length).toBeLessThan(400);
  });
  it("refuses any import but perflab on its line", async () => {
    const found = await problem(`const a = 1;\nimport { chunk } from "lodash";\nconsole.log(chunk, a);`);
    expect(found).toMatchObject({ file: "main.ts", line: 2, column: 22 });
    expect(found.text).toContain(`"lodash" is not available`);
  });
  it("refuses the import of a URL, static or not", async () => {
    expect((await problem(`const x = await import("https://example.com/x.js"); console.log(x);`)).line).toBe(1);
  });
  it("names an export that perflab does not have", async () => {
    expect((await problem(`import { simulat } from "perflab"; console.log(simulat);`)).text).toContain(
      'no export named "simulat"',
    );
  });
  it("points at a syntax error", async () => {
    expect(await problem("const a = 1;\nconst b = ;")).toMatchObject({ line: 2, column: 10 });
  });
});

describe("locating a thrown error", () => {
  it.each([
    ["Chromium", (line: number, column: number) => `Error: boom\n    at f (lab:main.js:${line}:${column})`],
    ["Firefox and WebKit", (line: number, column: number) => `f@lab:main.js:${line}:${column}`],
  ])("finds the learner's line in a stack of %s", async (_browser, stack) => {
    const result = await build(
      `interface Unused {\n  a: number;\n}\nexport function f() {\n  throw new Error("boom");\n}\n`,
    );
    if (!result.ok) throw new Error("did not compile");
    const lines = result.compiled.code.split("\n");
    const at = lines.findIndex((line) => line.includes("throw"));
    const error = { name: "Error", message: "boom", stack: stack(at + 1, lines[at]!.indexOf("throw") + 1) };
    expect(locateError(error, result.compiled.map).place).toMatchObject({ file: "main.ts", line: 5, column: 3 });
  });
});
