/** A lab folder as the proofs read it: its definition, its files, and its code compiled as the site compiles it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { compile } from "../../src/lab/compile/compiler.ts";
import { parseLab } from "../../src/lab/definition.ts";
import { prove } from "../../src/lab/prove.ts";
import { moduleExports } from "../../src/lab/runtime.ts";

const root = join(import.meta.dirname, "..", "..", "labs");
const learner = { perflab: moduleExports["perflab"] ?? [] };

export const labNames = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

export function labFolder(name: string) {
  const folder = join(root, name);
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const lab = parseLab(read("lab.yaml"), `labs/${name}/lab.yaml`);
  const compiled = async (code: string, modules: Readonly<Record<string, readonly string[]>>) => {
    const files = Object.fromEntries(lab.files.map((extra) => [extra, read(extra)]));
    const result = await compile(esbuild, { entry: "main.ts", files: { ...files, "main.ts": code }, modules });
    if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.problems)}`);
    return result.compiled.code;
  };
  return {
    read,
    wrong: readdirSync(join(folder, "wrong")),
    /** Grades code against the lab's checks. */
    proof: async (code: string, seed: number) =>
      prove(lab, await compiled(code, learner), await compiled(read("checks.ts"), moduleExports), seed),
  };
}
