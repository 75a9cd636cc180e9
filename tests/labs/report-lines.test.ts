/** What check:labs prints of a lab that could not be proved, and of one that could. */
import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { newLab } from "../../scripts/lab/new-lab.ts";
import { reportLines, type ProvedLab } from "../../scripts/lab/report-lines.ts";
import { readLab } from "../../src/lab/lab-sources.ts";

const files = newLab("x");
const printed = (lab: Partial<ProvedLab>) =>
  reportLines({
    id: "x",
    at: "labs/x",
    yaml: files["lab.yaml"],
    report: undefined,
    faults: [],
    seconds: 1,
    ...lab,
  }).map(stripVTControlCharacters);

it("a folder without lab.yaml is told that it is missing", () => {
  const { faults } = readLab("x", (file) => (file === "lab.yaml" ? undefined : files[file]));
  expect(printed({ yaml: undefined, faults })).toEqual([
    "✗ x 1.0 s",
    "  labs/x/lab.yaml is missing. It holds what the lab says about itself.",
  ]);
});

it("a proved lab shows which check fails which answer, and which fields are as new:lab wrote them", () => {
  const answer = { name: "the other way round", failed: ["right"], said: "no", mustGet: "no" };
  const lines = printed({
    report: {
      id: "x",
      title: "X",
      faults: [],
      notes: [{ file: "labs/x/solution.ts", line: 9, says: "No check notices when + becomes -." }],
      checks: ["runs", "right"],
      starter: { name: "", failed: ["runs"], said: "no" },
      wrong: [answer],
      solution: { seeds: 40, seconds: 0.1, bytes: 1200, charts: 1 },
      answer: 2.0548,
      mutants: { tried: 10, survived: [{ line: 9, what: "+ becomes -" }] },
    },
  });
  expect(lines).toEqual([
    "✓ x 1.0 s",
    "  solution: 40 seeds, 0.10 s a run, 1 charts, 2 kB of output; the prediction's answer is 2.055",
    "  changed solutions: 9 of 10 noticed",
    "  1 runs",
    "  2 right",
    "    the starter          1 ·",
    "    the other way round  · 2",
    expect.stringMatching(/^ {2}still to write: labs\/x\/lab\.yaml:\d+ `question` is as new:lab wrote it\.$/),
    expect.stringMatching(/`debrief`/),
    expect.stringMatching(/`stretch`/),
    "  worth a look: labs/x/solution.ts:9 No check notices when + becomes -.",
  ]);
});
