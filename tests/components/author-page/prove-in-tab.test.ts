/** The proof in a tab compiles as check:labs does: what one refuses the other refuses, in the same words. */
import * as esbuild from "esbuild";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { newLab } from "../../../scripts/lab/new-lab.ts";
import { toolsFor } from "../../../src/components/author-panel/prove-in-tab.ts";
import { compile } from "../../../src/lab/compile/compiler.ts";
import { compileLabFile } from "../../../src/lab/compile/lab-code.ts";
import type { CompileAnswer, CompileRequest } from "../../../src/lab/compile/worker.ts";
import { readLab } from "../../../src/lab/lab-sources.ts";
import type { LabUrls } from "../../../src/lab/setup.ts";

/** The compile worker, with Node's esbuild in place of the WebAssembly one. */
class CompileWorker {
  onmessage: ((event: { readonly data: CompileAnswer }) => void) | null = null;
  postMessage({ id, files, modules }: CompileRequest): void {
    void compile(esbuild, { entry: "main.ts", files, modules }).then((compilation) =>
      this.onmessage?.({ data: { id, compilation } }),
    );
  }
  terminate(): void {
    this.onmessage = null;
  }
}

beforeEach(() => {
  vi.stubGlobal("Worker", CompileWorker);
  // The sandbox listens from the start, and no run is asked of it here.
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("removeEventListener", () => undefined);
});
afterEach(() => void vi.unstubAllGlobals());

const files = newLab("x");
const { sources } = readLab("x", (file) => files[file]);
const urls = { sandbox: "", compileWorker: "", compileWasm: "" } as LabUrls;

it.each([
  [
    "solution.ts",
    'import { close } from "perflab/checks";\nclose(1, 1, { relative: 0.1, why: "" });\n',
    /perflab\/checks/,
  ],
  ["starter.ts", 'import { check } from "perflab/checks";\nconsole.log(check);\n', /perflab\/checks/],
  ["solution.ts", "\nexport const x = ;\n", /Unexpected ";"/],
  ["checks.ts", 'import { nothing } from "perflab/checks";\nconsole.log(nothing);\n', /nothing/],
])("%s is refused where check:labs refuses it: %j", async (file, code, says) => {
  const tools = toolsFor(sources!, urls);
  const inTab = await tools.compile(file, code);
  tools.dispose();
  expect(inTab).toEqual(await compileLabFile(esbuild, sources!, file, code));
  expect("faults" in inTab && inTab.faults[0]?.says).toMatch(says);
});

it("checks.ts may import what starter and solution may not", async () => {
  const tools = toolsFor(sources!, urls);
  const checks = await tools.compile("checks.ts", sources!.checks);
  const solution = await tools.compile("solution.ts", sources!.solution);
  tools.dispose();
  expect("compiled" in checks && "compiled" in solution).toBe(true);
});
