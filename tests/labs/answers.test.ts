/** answers.yaml: good answers beside the solution; and the capstone's, which must differ and be worth nearly as much as the best that a search finds. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { expect, it } from "vitest";
import { fronts } from "../../scripts/lab/fronts.ts";
import { readLabFolder } from "../../scripts/lab/lab-folders.ts";
import { out } from "../../scripts/lab/output.ts";
import { runAtBuild } from "../../scripts/lab/run-at-build.ts";
import { compileLabFile } from "../../src/lab/compile/lab-code.ts";
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

it(
  "each of the three reaches 95 % of the best that the search finds, on traffic of any seed",
  { timeout: 120_000 },
  async () => {
    const file = (await fronts())["capstone"]!;
    const { best } = JSON.parse(readFileSync(join(out, file), "utf8")) as { best: number };
    expect(best).toBeGreaterThan(85);
    const { sources } = readLabFolder("capstone");
    for (const code of [sources!.solution, ...sources!.answers.map((answer) => answer.code)]) {
      const result = await compileLabFile(esbuild, sources!, "solution.ts", code);
      if ("faults" in result) throw new Error(JSON.stringify(result.faults));
      for (const seed of [1, 71_717]) {
        const { exports } = await runAtBuild({ ...sources!.definition, seed }, result.compiled.code);
        expect(exports["points"]).toBeGreaterThanOrEqual(0.95 * best);
      }
    }
  },
);
