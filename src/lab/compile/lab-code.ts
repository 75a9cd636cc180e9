/** Compiles one file of a lab as the browser compiles the learner's, with problems under the author's own file names. */
import type { Fault } from "../fault.ts";
import type { LabSources } from "../lab-sources.ts";
import { moduleExports } from "../runtime.ts";
import { compile, type Compiled } from "./compiler.ts";

type Esbuild = Parameters<typeof compile>[0];

/** What a learner's code may import. */
export const learnerModules = { perflab: moduleExports["perflab"] ?? [] };

/** `file`: the name that problems are told under, such as solution.ts; checks.ts may import "perflab/checks" too. */
export async function compileLabFile(
  esbuild: Esbuild,
  { at, files }: Pick<LabSources, "at" | "files">,
  file: string,
  code: string,
): Promise<{ readonly compiled: Compiled } | { readonly faults: readonly Fault[] }> {
  const modules = file === "checks.ts" ? moduleExports : learnerModules;
  const result = await compile(esbuild, { entry: "main.ts", files: { ...files, "main.ts": code }, modules });
  if (result.ok) return { compiled: result.compiled };
  return {
    faults: result.problems.map((problem) => ({
      file: `${at}/${problem.file === "main.ts" ? file : problem.file}`,
      line: problem.line,
      column: problem.column + 1,
      says: problem.text,
    })),
  };
}
