/** Compiles one file of a lab as the browser compiles the learner's, with problems under the author's own file names. */
import type { Fault } from "../fault.ts";
import type { LabSources } from "../lab-sources.ts";
import { moduleExports } from "../runtime.ts";
import { compile, type Compiled, type Problem } from "./compiler.ts";

type Esbuild = Parameters<typeof compile>[0];

/** What a learner's code may import. */
export const learnerModules = { perflab: moduleExports["perflab"] ?? [] };

/** What a file of a lab may import: checks.ts "perflab/checks" too. */
export function modulesFor(file: string): Readonly<Record<string, readonly string[]>> {
  return file === "checks.ts" ? moduleExports : learnerModules;
}

/** The compiler's problems under the names of the author's files; what was compiled as main.ts is `file`. */
export function faultsOf(problems: readonly Problem[], at: string, file: string): readonly Fault[] {
  return problems.map((problem) => ({
    file: `${at}/${problem.file === "main.ts" ? file : problem.file}`,
    line: problem.line,
    column: problem.column + 1,
    says: problem.text,
  }));
}

/** `file`: the name that problems are told under, such as solution.ts, and that says what it may import. */
export async function compileLabFile(
  esbuild: Esbuild,
  { at, files }: Pick<LabSources, "at" | "files">,
  file: string,
  code: string,
): Promise<{ readonly compiled: Compiled } | { readonly faults: readonly Fault[] }> {
  const result = await compile(esbuild, {
    entry: "main.ts",
    files: { ...files, "main.ts": code },
    modules: modulesFor(file),
  });
  return result.ok ? { compiled: result.compiled } : { faults: faultsOf(result.problems, at, file) };
}
