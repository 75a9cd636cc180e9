/** Compiles every lab's starter, solution and checks, so that an untouched lab runs without the compiler. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { compile } from "../../src/lab/compile/compiler.ts";
import { parseLab } from "../../src/lab/definition.ts";
import { normaliseLines } from "../../src/lab/hash.ts";
import { checkNames } from "../../src/lab/prove.ts";
import { moduleExports } from "../../src/lab/runtime.ts";
import type { LabCode } from "../../src/lab/setup.ts";
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
  const folders = (await readdir(join(root, "labs"), { withFileTypes: true })).filter((entry) => entry.isDirectory());
  for (const { name } of folders) {
    try {
      outputs[name] = await emit(`labs/${name}`, ".json", JSON.stringify(await labCode(name)));
    } catch (error) {
      const { message } = error as Error;
      failed[name] = message.includes(name) ? message : `labs/${name}: ${message}`;
    }
  }
  return { outputs, failed };
}

async function labCode(id: string): Promise<LabCode> {
  const folder = join(root, "labs", id);
  const read = async (file: string) => normaliseLines(await readFile(join(folder, file), "utf8"));
  const definition = parseLab(await read("lab.yaml"), `labs/${id}/lab.yaml`);
  const files = Object.fromEntries(
    await Promise.all(definition.files.map(async (file) => [file, await read(file)] as const)),
  );
  const learner = { perflab: moduleExports["perflab"] ?? [] };
  const one = async (file: string, allowed: Readonly<Record<string, readonly string[]>>) => {
    const result = await compile(esbuild, {
      entry: "main.ts",
      files: { ...files, "main.ts": await read(file) },
      modules: allowed,
    });
    if (result.ok) return result.compiled;
    const problems = result.problems.map(
      (p) => `  ${p.file === "main.ts" ? file : p.file}:${p.line}:${p.column + 1} ${p.text}`,
    );
    throw new Error(`labs/${id} does not compile:\n${problems.join("\n")}`);
  };
  const checks = await one("checks.ts", moduleExports);
  return {
    starter: await one("starter.ts", learner),
    solution: await one("solution.ts", learner),
    checks,
    checkNames: await checkNames(checks.code),
    solutionSource: await read("solution.ts"),
    files,
  };
}

/** The export names that the browser's compiler lets learner code import. */
async function modules(): Promise<string> {
  const content = JSON.stringify({ perflab: moduleExports["perflab"] ?? [] });
  await emitAs("modules.json", content);
  return "modules.json";
}
