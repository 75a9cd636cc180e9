/** Every lab is proved: its solution passes, its starter fails by a check, and each wrong answer gets the message it must get. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/lab/compile/compiler.ts";
import { parseLab } from "../../src/lab/definition.ts";
import { mustGet, prove } from "../../src/lab/prove.ts";
import { moduleExports } from "../../src/lab/runtime.ts";

const root = join(import.meta.dirname, "..", "..", "labs");
const seeds = process.env.TEST_LONG ? Array.from({ length: 40 }, (_, i) => i * 104_729 + 7) : [7, 4_294_967_291];
const labs = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());

for (const { name } of labs) {
  const folder = join(root, name);
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const lab = parseLab(read("lab.yaml"), `labs/${name}/lab.yaml`);
  const compiled = async (file: string, modules: Readonly<Record<string, readonly string[]>>) => {
    const files = Object.fromEntries(lab.files.map((extra) => [extra, read(extra)]));
    const result = await compile(esbuild, { entry: "main.ts", files: { ...files, "main.ts": read(file) }, modules });
    if (!result.ok) throw new Error(`${name}/${file}: ${JSON.stringify(result.problems)}`);
    return result.compiled.code;
  };
  const learner = { perflab: moduleExports["perflab"] ?? [] };
  const proof = async (file: string, seed: number) =>
    prove(lab, await compiled(file, learner), await compiled("checks.ts", moduleExports), seed);

  describe(`lab ${name}`, () => {
    it.each(seeds)("its solution passes every check on seed %i", async (seed) => {
      const { threw, results } = await proof("solution.ts", seed);
      expect(threw).toBeNull();
      expect(results.filter(({ outcome }) => outcome !== "passed")).toEqual([]);
      expect(results.length).toBeGreaterThan(0);
    });

    it("its starter runs and fails at least one check, by the check's own judgement", async () => {
      const { threw, results } = await proof("starter.ts", seeds[0]!);
      expect(threw).toBeNull();
      const failed = results.filter(({ outcome }) => outcome === "failed");
      expect(failed.length).toBeGreaterThan(0);
      expect(failed.filter(({ message }) => message?.startsWith("Your code threw"))).toEqual([]);
    });

    it.each(readdirSync(join(folder, "wrong")))("the wrong answer %s gets its message", async (file) => {
      const message = mustGet(read(`wrong/${file}`), `labs/${name}/wrong/${file}`);
      const { threw, results } = await proof(`wrong/${file}`, seeds[0]!);
      const said = [threw ?? "", ...results.map((result) => result.message ?? "")].join("\n");
      expect(said).toContain(message);
    });
  });
}
