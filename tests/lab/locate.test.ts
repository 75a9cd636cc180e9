/** Stacks as browsers word them, and as a hostile lab does. */
import { describe, expect, it } from "vitest";
import * as esbuild from "esbuild";
import { compile } from "../../src/lab/compile/compiler.ts";
import { locateError } from "../../src/lab/locate.ts";

const source = "export function anatomy(): number {\n  throw new Error('x');\n}\nanatomy();\n";
const compiled = await compile(esbuild, { entry: "main.ts", files: { "main.ts": source }, modules: {} });
const { map } = compiled.ok ? compiled.compiled : { map: "" };

describe("the learner's line is found", () => {
  it.each([
    [
      "Chromium",
      "    at anatomy (lab:main.js:3:9)\n    at async Object.run [as go] (lab:main.js:5:1)\n    at lab:main.js:5:1",
    ],
    ["Firefox and WebKit", "anatomy@lab:main.js:3:9\nObject.run@lab:main.js:5:1\n@lab:main.js:5:1"],
  ])("in a stack of %s", (_browser, stack) => {
    const { place, frames } = locateError({ name: "Error", message: "x", stack }, map);
    expect(place).toMatchObject({ file: "main.ts", line: 2 });
    expect(frames.map((frame) => frame.replace(/:\d+$/, ""))).toEqual([
      "anatomy, main.ts:2",
      "Object.run, main.ts:4",
      "main.ts:4",
    ]);
  });

  it("in at most forty frames, whatever a lab sends as a stack", () => {
    const hostile = `at ${"a".repeat(20_000)} (lab:main.js`.repeat(50) + "\n    at f (lab:main.js:3:9)".repeat(10_000);
    expect(locateError({ name: "E", message: "m", stack: hostile }, map).frames.length).toBeLessThanOrEqual(40);
  });
});
