/** Each mistake that an author can make gets a message that names the file, the line where there is one, and what is wrong. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { courseFaults } from "../../scripts/lab/course-faults.ts";
import { newLab } from "../../scripts/lab/new-lab.ts";
import { proveSources } from "../../scripts/lab/prove-folder.ts";
import { openProvingBrowser, type ProvingBrowser } from "../../scripts/lab/proving-browser.ts";
import { faultLine } from "../../src/lab/fault.ts";
import { readLab } from "../../src/lab/lab-sources.ts";
import { someSeeds } from "../../src/lab/seeds.ts";

let browser: ProvingBrowser;
beforeAll(async () => void (browser = await openProvingBrowser()));
afterAll(() => browser.close());

type Change = Readonly<Record<string, string | null | ((text: string) => string)>>;
const whole = newLab("x");

/** The new lab with some of its files changed, or gone. */
function changed(change: Change): Readonly<Record<string, string>> {
  const files: Record<string, string> = { ...whole };
  for (const [file, how] of Object.entries(change)) {
    if (how === null) delete files[file];
    else files[file] = typeof how === "string" ? how : how(files[file] ?? "");
    if (how !== null && files[file] === whole[file]) throw new Error(`${file} is unchanged`);
  }
  return files;
}
const swap = (from: string, to: string) => (text: string) => text.replace(from, to);
const add = (more: string) => (text: string) => text + more;

function said(change: Change): string[] {
  const files = changed(change);
  return readLab("x", (file) => files[file]).faults.map(faultLine);
}
async function proved(change: Change, seeds = 2): Promise<string[]> {
  const files = changed(change);
  const { faults, report } = await proveSources(
    readLab("x", (file) => files[file]),
    browser,
    someSeeds(seeds),
    true,
  );
  return [...faults, ...(report?.notes ?? [])].map(faultLine);
}

it("the lab that new:lab writes passes its proofs", async () => {
  expect(await proved({}, 4)).toEqual([]);
});

describe("in lab.yaml", () => {
  it.each<[string, (text: string) => string, RegExp]>([
    [
      "a typo in a key",
      swap("hints:", "hint:"),
      /^labs\/x\/lab\.yaml:\d+:1 `hint` is not a field\. Did you mean `hints`\?$/,
    ],
    [
      "a wrong type",
      swap("minutes: 10", "minutes: soon"),
      /yaml:7:1 `minutes` is the text "soon"; it must be a number\.$/,
    ],
    [
      "a missing field",
      (text) => text.replace(/^debrief:.*\n/m, ""),
      /`debrief` is missing\. Shown once every check passes/,
    ],
    [
      "an empty field",
      (text) => text.replace(/^title:.*/m, "title:"),
      /yaml:3:1 `title` is empty; it must be a text\.$/,
    ],
    [
      "an empty hint",
      swap("  - prefillStep tells the time of all of them, and tokens how many they are.", '  - ""'),
      /yaml:36:5 `hints\.2` is empty\.$/,
    ],
    [
      "a slider without min",
      swap("    min: 2000\n", ""),
      /`params\.longest\.min` is missing\. Of a slider: its smallest value\.$/,
    ],
    [
      "a slider's default off its step",
      swap("default: 8000", "default: 8500"),
      /:\d+:5 `params\.longest\.default` is 8500, where the slider can't stand: its steps of 1000 from 2000 meet 8000 and 9000\.$/,
    ],
    [
      "a default out of range",
      swap("default: 8000", "default: 1000"),
      /`params\.longest\.default` is 1000; it must lie from 2000 to 16000\.$/,
    ],
    [
      "a select's default that is no option",
      (text) => text.replace(/ {4}unit: tokens[\s\S]*?default: 8000/, "    options: [a, b]\n    default: c"),
      /`params\.longest\.default` is c; it must be one of a, b\.$/,
    ],
    [
      "a lesson of a wrong form",
      swap("# lesson: 01-introduction", "lesson: Introduction"),
      /`lesson` is the text "Introduction"; it must be the file name of a lesson without \.mdx, such as 01-introduction\.$/,
    ],
    [
      "an answer of a wrong form",
      swap("answer: twiceAsLong", "answer: twice as long"),
      /it must be the name of an export/,
    ],
    [
      "a key twice",
      swap("minutes: 10", "minutes: 10\nminutes: 11"),
      /^labs\/x\/lab\.yaml:8:1 This field is there twice\. Keep one\.$/,
    ],
    [
      "a colon in a text",
      swap("question: How", "question: Think: how"),
      /^labs\/x\/lab\.yaml:6:\d+ A colon followed by a space begins a value\. Put the text in quotes/,
    ],
    [
      "a colon in a list's text",
      swap("- Press Check.", "- Note: press Check."),
      /yaml:13:5 `steps\.3` is a list of fields; it must be a text\. A colon makes fields of a text/,
    ],
    ["a backtick first", swap("- Press Check.", "- `Check` it."), /yaml:13:5 .*belongs in quotes/],
    [
      "an unknown model",
      add("server: { model: llama-3.1-9b, gpu: h100-sxm-80 }\n"),
      /yaml:39:\d+ model is "llama-3\.1-9b"; it must be .*llama-3\.1-8b/,
    ],
    [
      "an unknown parameter set",
      add("parameters: course-h100-v2\n"),
      /`parameters` is course-h100-v2; it must be one of .*course-h100-v1/,
    ],
    [
      "a file that is not there",
      add("files: [show.ts]\n"),
      /yaml:39 `files` names show\.ts, which is not in the folder\.$/,
    ],
    [
      "four primary controls",
      (text) =>
        text.replace(
          /^params:\n[\s\S]*?(?=^seed)/m,
          `params:\n${["a", "b", "c", "d"].map((name) => `  ${name}: { label: ${name}, options: [1, 2], default: 1, primary: true }\n`).join("")}`,
        ),
      /`params` has 4 primary controls; a lab has three at most\.$/,
    ],
    [
      "sends above the budget",
      add("targets: [endpoint]\nsends: { requests: 500, tokens: 10 }\n"),
      /`sends\.requests` is 500, more than the budget's 200\.$/,
    ],
    [
      "a prediction's range upside down",
      swap("min: 0\n", "min: 5\n  max: 4\n"),
      /`prediction\.max` is 4; it must be above min, which is 5\.$/,
    ],
  ])("%s", (_, change, message) => {
    const faults = said({ "lab.yaml": change });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(message);
  });
});

describe("in wrong.yaml", () => {
  const entry = (more: string) => `- name: n\n  mustGet: m\n  ${more}\n`;
  it.each<[string, string, RegExp]>([
    [
      "a change that does not apply",
      entry("replace: nowhere\n  with: there"),
      /^labs\/x\/wrong\.yaml:3 "nowhere" is not in solution\.ts\. Has the solution changed\?/,
    ],
    [
      "a change that applies twice",
      entry("replace: prefillStep(server\n  with: x"),
      /wrong\.yaml:3 "prefillStep\(server" is in solution\.ts 2 times, on lines 7, 19\. Take in more/,
    ],
    [
      "a change of nothing",
      entry("replace: .seconds / tokens\n  with: .seconds / tokens"),
      /wrong\.yaml:1 "n" changes nothing: it is the solution\.$/,
    ],
    [
      "no message",
      "- name: n\n  replace: a\n  with: b\n",
      /wrong\.yaml:1:\d+ `0\.mustGet` is missing\. Part of the message that a check must give it\.$/,
    ],
    [
      "a field that is none",
      entry("replace: a\n  with: b\n  must_get: c"),
      /`must_get` is not a field of `0`\. Did you mean `mustGet`\?$/,
    ],
    [
      "two of one name",
      entry("replace: .seconds / tokens\n  with: .seconds") +
        entry("replace: .seconds / tokens\n  with: .seconds * tokens"),
      /wrong\.yaml:5 Two answers are called "n"\.$/,
    ],
  ])("%s", (_, yaml, message) => {
    const faults = said({ "wrong.yaml": yaml });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(message);
  });

  it("several changes make one answer, whatever their indentation", () => {
    const yaml = `- name: n\n  mustGet: m\n  changes:\n    - replace: |-\n        {\n        return prefillStep(server, { tokens }).seconds / tokens;\n        }\n      with: "{ return 1; }"\n    - replace: "8b on one"\n      with: "8b on an"\n`;
    const { sources, faults } = readLab("x", (file) => ({ ...whole, "wrong.yaml": yaml })[file]);
    expect(faults).toEqual([]);
    expect(sources?.wrong[0]?.code).toContain("timePerToken(tokens: number): number { return 1; }");
    expect(sources?.wrong[0]?.code).toContain("8b on an H100");
  });
});

describe("in the folder", () => {
  it.each<[string, Change, RegExp]>([
    ["no solution", { "solution.ts": null }, /^labs\/x\/solution\.ts is missing\. It is one good answer/],
    ["no checks", { "checks.ts": null }, /^labs\/x\/checks\.ts is missing\./],
    ["no wrong answers", { "wrong.yaml": null }, /^labs\/x\/wrong\.yaml is missing\./],
    ["no lab.yaml", { "lab.yaml": null }, /^labs\/x\/lab\.yaml is missing\./],
    [
      "a solution like the starter",
      { "starter.ts": whole["solution.ts"]! },
      /^labs\/x\/solution\.ts is the same as starter\.ts, so/,
    ],
    [
      "an import of a file that is not listed",
      { "starter.ts": add('import "./show.ts";\n') },
      /^labs\/x\/starter\.ts:\d+ imports \.\/show\.ts\. Name it under `files` in lab\.yaml\.$/,
    ],
    [
      "imports in a circle",
      {
        "lab.yaml": add("files: [a.ts, b.ts]\n"),
        "a.ts": 'import { b } from "./b.ts";\nexport const a = b;\n',
        "b.ts": 'import { a } from "./a.ts";\nexport const b = a;\n',
        "solution.ts": add('import "./a.ts";\n'),
        "starter.ts": add('import "./b.ts";\n'),
      },
      /Imports go round in a circle: a\.ts → b\.ts → a\.ts\. Move what they share/,
    ],
    [
      "a file that nobody imports",
      { "lab.yaml": add("files: [a.ts]\n"), "a.ts": "export {};\n" },
      /^labs\/x\/a\.ts is among the lab's files, and nothing imports it\.$/,
    ],
  ])("%s", (_, change, message) => {
    expect(said(change).filter((line) => message.test(line))).toHaveLength(1);
  });
});

describe("in code, found by running it in the sandbox", () => {
  const checksOf = (body: string) => `import { check, close, that } from "perflab/checks";\n${body}\n`;
  it.each<[string, Change, RegExp]>([
    ["a syntax error", { "starter.ts": add("const x = ;\n") }, /^labs\/x\/starter\.ts:\d+:11 Unexpected ";"$/],
    [
      "an npm import",
      { "starter.ts": add('import { z } from "zod";\nconsole.log(z);\n') },
      /starter\.ts:\d+:\d+ A lab can import only "perflab"/,
    ],
    [
      "a starter that throws",
      { "starter.ts": add('throw new Error("oh");\n') },
      /^labs\/x\/starter\.ts:\d+:\d+ ends with an error: Error: oh$/,
    ],
    [
      "a solution that throws at one end of a slider",
      { "solution.ts": add('if (param("longest") > 15000) throw new Error("too long");\n') },
      /solution\.ts:\d+:\d+ ends with an error with longest at 16000: Error: too long$/,
    ],
    [
      "a solution that loops for ever",
      { "lab.yaml": add("limit: 1\n"), "solution.ts": add("for (;;);\n") },
      /^labs\/x\/solution\.ts did not end\. Stopped: no sign of life for 1 s.* Its limit is 1 s\.$/,
    ],
    [
      "a solution that waits for ever",
      { "lab.yaml": add("limit: 1\n"), "solution.ts": add("await new Promise(() => {});\n") },
      /^labs\/x\/solution\.ts.* ends with an error: Nothing left to wait for/,
    ],
    [
      "a starter that passes",
      { "starter.ts": whole["solution.ts"]! + "// like it\n" },
      /^labs\/x\/starter\.ts passes every check already/,
    ],
    [
      "a check that calls fetch",
      {
        "checks.ts": checksOf('export default [\n  check("it asks", async () => {\n    await fetch("/x");\n  }),\n];'),
      },
      /^labs\/x\/checks\.ts:4:5 The check "it asks" ends with an error on .*: ReferenceError: fetch is not defined/,
    ],
    [
      "a check that expects NaN",
      {
        "checks.ts": checksOf(
          'export default [\n  check("it is NaN", () => close(1, NaN, { absolute: 1, why: "w" })),\n];',
        ),
      },
      /^labs\/x\/checks\.ts:3:\d+ The check "it is NaN" ends with an error on .*close\(\) was given NaN as the expected value/,
    ],
    [
      "checks that are no list",
      { "checks.ts": checksOf("export const checks = [check, close, that];") },
      /^labs\/x\/checks\.ts must have a list of checks as its default export$/,
    ],
    [
      "a check that nothing fails",
      { "checks.ts": swap("export default [", 'export default [\n  check("always so", () => undefined),') },
      /^labs\/x\/checks\.ts:7 Nothing fails the check "always so"/,
    ],
    [
      "two checks of one name",
      {
        "checks.ts": swap(
          "export default [",
          'export default [\n  check("timePerToken is right for any prompt", (lab) => exportedFunction<() => number>(lab, "timePerToken()")),',
        ),
      },
      /Two checks are called "timePerToken is right for any prompt"/,
    ],
    [
      "a check that hangs on the seed",
      {
        "checks.ts": swap(
          "(lab) => {",
          '(lab) => {\n    that(lab.seed % 2 === 1, { seen: "s", expected: "e", why: "w" });',
        ),
      },
      /^labs\/x\/solution\.ts fails the check "timePerToken is right for any prompt" on every even seed: Seen: s\./,
    ],
    [
      "a message that says the same twice",
      { "checks.ts": swap("seen: `${answer} s a token for ${tokens} tokens`", "seen: `${all / tokens} s`") },
      /says that .* was seen and .* was expected\./,
    ],
    [
      "a wrong answer that passes",
      {
        "wrong.yaml": add(
          "- name: right\n  replace: Seconds of prefill\n  with: The seconds of prefill\n  mustGet: share\n",
        ),
      },
      /^labs\/x\/wrong\.yaml:\d+ "right" passes every check\.$/,
    ],
    [
      "a wrong answer that gets another message",
      { "wrong.yaml": swap("mustGet: That is the time of the whole prompt", "mustGet: nobody says this") },
      /^labs\/x\/wrong\.yaml:\d+ "the whole prompt's time" must get "nobody says this", and gets: Seen: /,
    ],
    [
      "a wrong answer that merely throws",
      {
        "wrong.yaml": add(
          '- name: throws\n  replace: return prefillStep(server, { tokens }).seconds / tokens;\n  with: throw new Error("each takes its share of the time");\n  mustGet: each takes its share of the time\n',
        ),
      },
      /"throws" (gets "each takes its share of the time" from an error only|ends with an error before any check can teach)/,
    ],
    [
      "no such answer",
      { "lab.yaml": swap("answer: twiceAsLong", "answer: thrice") },
      /^labs\/x\/lab\.yaml:\d+ the prediction's answer is thrice, and the solution exports no number of that name\. It exports twiceAsLong\.$/,
    ],
    [
      "an answer that is NaN",
      { "solution.ts": swap("= seconds(4000)", "= NaN * seconds(4000)") },
      /lab\.yaml:\d+ the prediction's answer, twiceAsLong, is NaN; it must be a number\.$/,
    ],
    [
      "an answer that would be refused as a guess",
      { "lab.yaml": swap("  min: 0", "  min: 0\n  max: 2") },
      /the prediction's answer is 2\.0\d+.*, outside its own min and max/,
    ],
    [
      "a chart for the guess that the solution does not draw",
      { "lab.yaml": swap("  min: 0", "  min: 0\n  chart: { title: Prefill time, axis: y }") },
      /^labs\/x\/lab\.yaml:\d+ `prediction\.chart` names "Prefill time", and the solution draws no chart of that title\. It draws "Prefill time of each token"\.$/,
    ],
    [
      "an axis for the guess that its chart has not",
      {
        "lab.yaml": swap("  min: 0", "  min: 0\n  chart: { title: Bars, axis: x }"),
        "solution.ts": add(
          'chart.bars({ title: "Bars", y: { label: "Time" }, categories: ["a"], series: [{ name: "s", values: [1] }] });\n',
        ),
      },
      /^labs\/x\/lab\.yaml:\d+ `prediction\.chart` names the axis x of "Bars", on which nothing can be marked\. On its axis y something can be\.$/,
    ],
    [
      "an endpoint for code that measures nothing",
      { "lab.yaml": add("targets: [simulated, endpoint]\n") },
      /^labs\/x\/lab\.yaml:\d+ `targets` names endpoint, but the solution calls neither benchmark nor openStream\.$/,
    ],
    [
      "recorded traffic that is not declared",
      {
        "solution.ts": (text) =>
          `import { trace } from "perflab";\n${text}console.log(trace("azure-code-2023").requests);\n`,
      },
      /^labs\/x\/lab\.yaml The code replays azure-code-2023, which `traces` does not name\. Add it: traces: \[azure-code-2023\]\.$/,
    ],
    [
      "recorded traffic that is declared and not replayed",
      { "lab.yaml": add("traces: [azure-code-2023]\n") },
      /^labs\/x\/lab\.yaml:\d+ `traces` names azure-code-2023, and nothing calls trace\.$/,
    ],
    [
      "a check that catches a wrong answer on some seeds only",
      { "checks.ts": swap("[1, 100 + (lab.seed % 3000)]", "lab.seed % 2 === 0 ? [1, 300] : [1]") },
      /^labs\/x\/wrong\.yaml:3 "the whole prompt's time" passes every check on every odd seed\. Let the check try more cases/,
    ],
    [
      "a check that asks a clock",
      {
        "checks.ts": swap(
          "relative: 1e-6,\n        what: `timePerToken(${tokens}), in seconds:`,",
          // The time of day: two workers may well be equally old.
          "relative: 1e-6,\n        what: `at ${performance.timeOrigin + performance.now()}:`,",
        ),
        "starter.ts": swap("prefillStep(server, { tokens }).seconds;", "2 * prefillStep(server, { tokens }).seconds;"),
      },
      /^labs\/x\/checks\.ts:7 The check "timePerToken is right for any prompt" judges the same answer otherwise when it is asked again/,
    ],
    [
      "a function that nothing checks",
      { "solution.ts": add("export function unused(n: number): number {\n  return n + 1;\n}\n") },
      /^labs\/x\/solution\.ts:\d+ No check notices when `unused` gives nothing\./,
    ],
  ])("%s", { timeout: 60_000 }, async (_, change, message) => {
    const faults = await proved(change, 5);
    expect(
      faults.filter((line) => message.test(line)),
      faults.join("\n"),
    ).not.toEqual([]);
  });
});

it(
  "a message that no answer gets, a tolerance wider than any effect and a hint with the prediction's answer are told with their lines",
  { timeout: 60_000 },
  async () => {
    const said = await proved({
      "checks.ts": swap(
        "      const answer = timePerToken(tokens);",
        `      const answer = timePerToken(tokens);
      that(tokens > 0, { seen: "no tokens", expected: "some", why: "w" });
      close(prefillStep(server, { tokens }).seconds, all, { absolute: 5, why: "w" });`,
      ),
      "lab.yaml": swap(
        "- The time of one token is the time of all of them",
        '- "It takes 2.055 times as long, so divide" #',
      ),
    });
    expect(said.join("\n")).toMatch(
      /^labs\/x\/checks\.ts:13 No answer gets this message: none of the \d+ that were tried/m,
    );
    expect(said.join("\n")).toMatch(
      /^labs\/x\/checks\.ts:14 No answer fails this close: the numbers of all \d+ that were tried/m,
    );
    expect(said.join("\n")).toMatch(
      /^labs\/x\/lab\.yaml:35 Hint 2 says 2\.055 times, which is the prediction's answer\./m,
    );
    expect(said).toHaveLength(3);
  },
);

describe("between labs and pages", () => {
  const lab = (id: string, title: string, lesson?: string) => ({
    id,
    at: `labs/${id}`,
    lineOf: () => 4,
    definition: { title, lesson },
  });
  const lessons = ["01-introduction", "02-inference-stack"];
  const page = (text: string) => ({ pages: [{ file: "content/lessons/01-introduction.mdx", text }], lessons });

  it.each<[string, ReturnType<typeof lab>[], string, string]>([
    ["two labs of one title", [lab("a", "T"), lab("b", "T")], "", 'labs/a/lab.yaml:4 "T" is the title of labs/b too.'],
    [
      "an unknown lesson",
      [lab("a", "T", "01-introducton")],
      "",
      'labs/a/lab.yaml:4 There is no lesson "01-introducton". Did you mean `01-introduction`?',
    ],
    [
      "a lab that no page embeds",
      [lab("a", "T", "01-introduction")],
      '`<Lab id="a" />`',
      'labs/a/lab.yaml:4 No page embeds this lab. Put <Lab id="a" /> into content/lessons/01-introduction.mdx.',
    ],
    [
      "an embed of no lab",
      [lab("kv-ledger", "T")],
      '\n\n<Lab id="kv-legder" />',
      'content/lessons/01-introduction.mdx:3 There is no lab "kv-legder". Did you mean `kv-ledger`?',
    ],
  ])("%s", (_, labs, text, message) => {
    const faults = courseFaults(
      labs,
      labs.map(({ id }) => id),
      page(text),
    ).map(faultLine);
    expect(faults).toContain(message);
  });

  it("a lab of no lesson, and one of a lesson still to be written, are fine", () => {
    const labs = [lab("a", "A"), lab("b", "B", "02-inference-stack"), lab("c", "C", "09-beyond-the-eighth")];
    expect(courseFaults(labs, ["a", "b", "c"], page(""))).toEqual([]);
  });
});
