/** Compiles every lab's starter, solution and checks, so that an untouched lab runs without the compiler. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { checkNames } from "../../src/lab/check-names.ts";
import type { Compiled } from "../../src/lab/compile/compiler.ts";
import { compileLabFile, learnerModules } from "../../src/lab/compile/lab-code.ts";
import { FaultyLab, type Fault } from "../../src/lab/fault.ts";
import { normaliseLines } from "../../src/lab/hash.ts";
import type { LabCode } from "../../src/lab/setup.ts";
import { workspaceId } from "../../src/lab/workspace.ts";
import { labIds, readLabFolder } from "./lab-folders.ts";
import { emit, emitAs, root, type Outputs } from "./output.ts";

export interface BuiltLabs {
  readonly outputs: Outputs;
  /** Why a lab is not among them, by its id. */
  readonly failed: Readonly<Record<string, string>>;
}

/** A lab that can't be built does not stop the others. */
export async function buildLabs(): Promise<BuiltLabs> {
  const outputs: Record<string, string> = { modules: await modules() };
  const failed: Record<string, string> = {};
  for (const id of [...labIds(), workspaceId]) {
    const built = await (id === workspaceId ? workspaceCode() : labCode(id));
    if ("faults" in built) failed[id] = new FaultyLab(built.faults).message;
    else outputs[id] = await emit(`labs/${id}`, ".json", JSON.stringify(built));
  }
  return { outputs, failed };
}

/** A lab's compiled code, or why there is none. */
async function labCode(id: string): Promise<LabCode | { readonly faults: readonly Fault[] }> {
  const { sources, faults } = readLabFolder(id);
  if (sources === undefined) return { faults };
  const problems: Fault[] = [];
  const one = async (file: string, code: string): Promise<Compiled> => {
    const result = await compileLabFile(esbuild, sources, file, code);
    if ("compiled" in result) return result.compiled;
    problems.push(...result.faults);
    return { code: "", map: "" };
  };
  const starter = await one("starter.ts", sources.starter);
  const solution = await one("solution.ts", sources.solution);
  const checks = await one("checks.ts", sources.checks);
  if (problems.length > 0) return { faults: problems };
  try {
    const names = await checkNames(checks.code);
    return { starter, solution, checks, checkNames: names, solutionSource: sources.solution, files: sources.files };
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return { faults: [{ file: `${sources.at}/checks.ts`, says: says.replace(/^checks\.ts /, "") }] };
  }
}

/** The free workspace has nothing to solve: its starter is all there is. */
export async function workspaceCode(): Promise<LabCode | { readonly faults: readonly Fault[] }> {
  const file = `${workspaceId}.ts`;
  const source = normaliseLines(readFileSync(join(root, "labs", file), "utf8"));
  const built = await compileLabFile(esbuild, { at: "labs", files: {} }, file, source);
  if ("faults" in built) return { faults: built.faults.map((fault) => ({ ...fault, file: `labs/${file}` })) };
  const { compiled: starter } = built;
  return {
    starter,
    solution: starter,
    checks: { code: "", map: "" },
    checkNames: [],
    solutionSource: source,
    files: {},
  };
}

/** The export names that the browser's compiler lets learner code import. */
async function modules(): Promise<string> {
  await emitAs("modules.json", JSON.stringify(learnerModules));
  return "modules.json";
}
