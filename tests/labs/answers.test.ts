/** answers.yaml: good answers beside the solution; and the capstone's, which must differ and be worth nearly as much as the best. */
import { expect, it } from "vitest";
import { readLabFolder } from "../../scripts/lab/lab-folders.ts";
import { goodAnswers } from "../../src/lab/wrong-answers.ts";

it("a change that no longer applies is told with its line, as in wrong.yaml", () => {
  const { faults } = goodAnswers(
    "- name: other\n  replace: gone\n  with: here\n",
    "labs/x/answers.yaml",
    "const a = 1;\n",
  );
  expect(faults).toMatchObject([{ file: "labs/x/answers.yaml", line: 2 }]);
});

it("the capstone's three answers differ, two by two, in at least two of model, GPU and parallelism", () => {
  const { sources } = readLabFolder("capstone");
  const codes = [sources!.solution, ...sources!.answers.map(({ code }) => code)];
  expect(codes).toHaveLength(3);
  const field = (code: string, name: string) => new RegExp(`\\b${name}: ("[^"]+"|\\d+)`).exec(code)?.[1];
  const plans = codes.map((code) => ({
    model: field(code, "model"),
    gpu: field(code, "gpu"),
    parallel: `${field(code, "tensorParallel")} x ${field(code, "replicas")}`,
  }));
  for (const [i, a] of plans.entries())
    for (const b of plans.slice(i + 1)) {
      const differ = (["model", "gpu", "parallel"] as const).filter((of) => a[of] !== b[of]);
      expect(differ.length, JSON.stringify([a, b])).toBeGreaterThanOrEqual(2);
    }
});
