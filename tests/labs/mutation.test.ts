/** Checks can fail: whatever sign or comparison of a solution's exported functions is changed, some check must notice. */
import { describe, expect, it } from "vitest";
import { labFolder, labNames } from "./lab-folder.ts";

const swaps: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
};

/** Each changes one operator within an exported function. */
function mutants(code: string): string[] {
  const found: string[] = [];
  for (const { 0: body, index } of code.matchAll(/^export function [\s\S]*?^\}/gm))
    for (const match of body.matchAll(/(?<= )(?:[-+*/]|[<>]=?)(?= )/g)) {
      const before = body.slice(body.lastIndexOf("\n", match.index) + 1, match.index);
      if (/\/\/|\*|`/.test(before)) continue; // comments and text
      const at = index + match.index;
      found.push(code.slice(0, at) + swaps[match[0]] + code.slice(at + match[0].length));
    }
  return found;
}

describe.each(labNames)("lab %s", (name) => {
  const { read, proof } = labFolder(name);

  it("notices nearly every changed operator of its solution", async () => {
    const solution = read("solution.ts");
    const all = mutants(solution);
    expect(all.length).toBeGreaterThan(0);
    const survivors: string[] = [];
    for (const mutant of all) {
      const { threw, results } = await proof(mutant, 7);
      if (threw === null && results.every(({ outcome }) => outcome === "passed"))
        survivors.push(changedLine(solution, mutant));
    }
    // A tenth may change nothing that anyone could see (a comparison whose two sides are never equal, say).
    expect(survivors.length / all.length, survivors.join("\n")).toBeLessThanOrEqual(0.1);
  });
});

function changedLine(before: string, after: string): string {
  const lines = before.split("\n");
  return after.split("\n").find((line, i) => line !== lines[i]) ?? "";
}
