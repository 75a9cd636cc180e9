/** Labs that may run on an endpoint: the learner's code and the checks stand up to what a real endpoint can do. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { describe, expect, it } from "vitest";
import { measureFromNode } from "../../src/endpoint/node/measure-from-node.ts";
import { statuses, type Run } from "../../src/engine/run.ts";
import type { Workload } from "../../src/engine/workload/types.ts";
import { compile } from "../../src/lab/compile/compiler.ts";
import { parseLab } from "../../src/lab/definition.ts";
import { prove } from "../../src/lab/prove.ts";
import { moduleExports } from "../../src/lab/runtime.ts";
import { startSimulatedEndpoint, type SimulatedEndpoint } from "../../src/server/simulated/endpoint.ts";

const folder = join(import.meta.dirname, "..", "..", "labs", "your-first-real-stream");
const read = (file: string) => readFileSync(join(folder, file), "utf8");
const definition = parseLab(read("lab.yaml"), "lab.yaml");

async function compiled(file: string): Promise<string> {
  const files = Object.fromEntries(definition.files.map((extra) => [extra, read(extra)]));
  const result = await compile(esbuild, {
    entry: "main.ts",
    files: { ...files, "main.ts": read(file) },
    modules: moduleExports,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.compiled.code;
}

async function measured(
  behaviour: NonNullable<Parameters<typeof startSimulatedEndpoint>[0]>["behaviour"],
  output: number,
): Promise<Run> {
  const endpoint: SimulatedEndpoint = await startSimulatedEndpoint({
    fixed: { ttft: 0.004, itl: 0.001 },
    seed: 3,
    behaviour,
  });
  try {
    const target = { label: "test", baseUrl: `${endpoint.url}/v1`, model: "llama-3.1-8b" };
    const workload: Workload = {
      arrivals: { kind: "closed", users: 2 },
      prompt: { kind: "fixed", value: 40 },
      output: { kind: "fixed", value: output },
      requests: 12,
      seed: 1,
    };
    return await measureFromNode(target, workload, { warmup: 0 });
  } finally {
    await endpoint.close();
  }
}

const succeeded = (run: Run) => Array.from(run.requests.status).filter((s) => statuses[s] === "succeeded").length;

describe("your-first-real-stream on an endpoint", () => {
  it("its solution passes on a run of which some streams were cut, and the simulated-only check is not graded", async () => {
    const run = await measured({ faults: [{ kind: "cut", rate: 0.5 }] }, 16);
    expect(succeeded(run)).toBeGreaterThan(0);
    expect(succeeded(run)).toBeLessThan(12);
    const { threw, results } = await prove(definition, await compiled("solution.ts"), await compiled("checks.ts"), 5, [
      run,
    ]);
    expect(threw).toBeNull();
    expect(results.map(({ outcome }) => outcome)).toEqual([
      ...Array<string>(results.length - 1).fill("passed"),
      "notGraded",
    ]);
  });

  it("its solution passes when every answer is one token", async () => {
    const run = await measured({}, 1);
    const { threw, results } = await prove(definition, await compiled("solution.ts"), await compiled("checks.ts"), 5, [
      run,
    ]);
    expect(threw).toBeNull();
    expect(results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  });

  it.each(["starter.ts", "solution.ts"])(
    "%s does not throw when every request failed, and a check says so",
    async (file) => {
      const run = await measured({ faults: [{ kind: "serverError", rate: 1 }] }, 16);
      const { threw, results } = await prove(definition, await compiled(file), await compiled("checks.ts"), 5, [run]);
      expect(threw).toBeNull();
      expect(results.map(({ message }) => message ?? "").join("\n")).toContain("none of 12 requests succeeded");
    },
  );
});
