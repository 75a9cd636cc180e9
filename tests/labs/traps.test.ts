/** Traps that a lab can hold while every answer gets its message: each is told with file and line. Found in the text, without a browser; those that need a run are in faults.test.ts. */
import { describe, expect, it } from "vitest";
import { mutantsOf, strangeAnswers } from "../../scripts/lab/mutants.ts";
import { newLab } from "../../scripts/lab/new-lab.ts";
import { faultLine } from "../../src/lab/fault.ts";
import { readLab } from "../../src/lab/lab-sources.ts";
import { placeOf, withoutComments, withoutWords } from "../../src/lab/plain-code.ts";
import { sitesOf, toldAnswers } from "../../src/lab/traps.ts";

const whole = newLab("x");
const said = (change: Readonly<Record<string, string>>): readonly string[] =>
  readLab("x", (file) => ({ ...whole, ...change })[file]).faults.map(faultLine);
const hint = (text: string) => ({
  "lab.yaml": whole["lab.yaml"]!.replace(
    /^ {2}- The time of one token is the time of.*$/m,
    `  - ${JSON.stringify(text)}`,
  ),
});

describe("a solution that is the starter", () => {
  it("but for comments, blanks and line ends is told", () => {
    const same = `// my own words\n${whole["starter.ts"]!.replace("tokens: number", "tokens  :  number")}`;
    expect(said({ "solution.ts": same, "wrong.yaml": "[]" })).toContain(
      "labs/x/solution.ts is the same as starter.ts but for comments and blanks, so there is nothing to do in this lab. Take out of starter.ts what the learner is to write.",
    );
  });
  it("is not seen in a difference within a text", () => {
    const other = whole["starter.ts"]!.replace("Prefill time of each token", "Prefill  time // of each token");
    expect(said({ "solution.ts": other }).join()).not.toContain("is the same as starter.ts");
  });
});

describe("a hint that gives the answer away", () => {
  it.each([
    ["as code", "Write `prefillStep(server, { tokens }).seconds / tokens`."],
    ["with the signs of a sentence", "It is prefillStep(server, {tokens}).seconds ÷ tokens"],
  ])("%s is told with its line", (_, text) => {
    const faults = said(hint(text));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^labs\/x\/lab\.yaml:35 Hint 2 gives the answer away: it holds "prefillStep/);
  });
  it("in a step, or as the hint of a check, is one too", () => {
    const step = whole["lab.yaml"]!.replace(
      "- Press Check.",
      '- "Return prefillStep(server, { tokens }).seconds / tokens."',
    );
    expect(said({ "lab.yaml": step })[0]).toMatch(/lab\.yaml:13 Step 4 gives the answer away/);
    const checks = whole["checks.ts"]!.replace(
      "How many tokens share it?",
      "prefillStep(server, { tokens }).seconds / tokens",
    );
    expect(said({ "checks.ts": checks })[0]).toMatch(/^labs\/x\/checks\.ts:18 This hint gives the answer away/);
  });
  it("is not one that says it in words, or names what the starter has", () => {
    expect(said(hint("Divide what prefillStep(server, { tokens }).seconds says by how many they are."))).toEqual([]);
  });
  it("is one that says the prediction's answer", () => {
    const told = [
      { file: "lab.yaml", line: 3, what: "Hint 1", text: "It comes to 1,234 tokens." },
      { file: "lab.yaml", line: 4, what: "Hint 2", text: "Of 12 or 1,240 tokens." },
    ];
    expect(toldAnswers(told, 1234.2, "tokens").map(({ says }) => says)).toEqual([
      "Hint 1 says 1,234 tokens, which is the prediction's answer.",
    ]);
  });
});

it("a tolerance that lets 0 pass is told with its line", () => {
  const checks = whole["checks.ts"]!.replace("relative: 1e-6", "relative: 1.5");
  expect(said({ "checks.ts": checks })).toEqual([
    "labs/x/checks.ts:21 relative: 1.5 is a tolerance of 150 %: an answer of 0 passes. Make it narrower than what the mistakes change, such as 0.01.",
  ]);
});

it("every judgement of the checks is found where it stands, and none in texts and comments", () => {
  const text =
    'import { close, that } from "perflab/checks";\n// close(1)\nconst a = "that(2)";\nclose(\n  3);\nx.that(4); that (5);\n';
  expect(sitesOf({ "checks.ts": text, "show.ts": "that(1);" })).toEqual([
    { file: "checks.ts", line: 4, kind: "close" },
    { file: "checks.ts", line: 6, kind: "that" },
  ]);
});

it("blanking keeps every place, and knows // within a text", () => {
  const code = 'const a = "http://x"; // y\n/* b\n */ c';
  expect(withoutComments(code)).toBe('const a = "http://x";     \n    \n    c');
  expect(withoutWords(code)).toHaveLength(code.length);
  expect(placeOf(code, code.indexOf("c", 30))).toEqual({ line: 3, column: 5 });
});

it("strange answers behave until the file has run, and one is not exported", () => {
  const code =
    "export function f(n: number): number {\n  return n + 1;\n}\nexport const g = (n: number) => f(n);\nconst h = 1;\n";
  const all = strangeAnswers(code);
  expect(new Set(all.map(({ what }) => what)).size).toBe(all.length);
  expect(all.map(({ what }) => what)).toContain("`g` gives NaN");
  expect(all.find(({ what }) => what === "`f` gives NaN")?.code).toContain(
    "{ if ($late) return (NaN) as never; \n  return n + 1;",
  );
  expect(all.find(({ what }) => what === "`g` is not exported")?.code).toContain("\nconst g =");
  for (const { code: other } of all) expect(mutantsOf(other).length).toBeGreaterThan(0);
});

it("values that are not exported, and a file that runs nothing, are strange answers too", () => {
  const code =
    'import { benchmark } from "perflab";\nexport const f = () => 1;\ninterface I {}\nexport const [a, b] = [1, 2];\nawait benchmark(a);\n';
  const all = strangeAnswers(code);
  const hidden = all.find(({ what }) => what === "`[a, b]` is not exported");
  expect(hidden).toMatchObject({ line: 4 });
  expect(hidden?.code).toContain("\n const [a, b] = [1, 2];");
  expect(all.find(({ what }) => what === "nothing but functions is left")?.code).toBe(
    'import { benchmark } from "perflab";\nexport const f = () => 1;\ninterface I {}',
  );
  expect(strangeAnswers("export const f = () => 1;").map(({ what }) => what)).not.toContain(
    "nothing but functions is left",
  );
});
