/** Generates perflab's declaration file from the code, for the editor's IntelliSense. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { generateDtsBundle } from "dts-bundle-generator";
import { emit, labCode, root, step, type Outputs } from "./output.ts";

/** Built anew only where the code behind them has changed. */
export function declarations(): Promise<Outputs> {
  return step("declarations", [...labCode, "labs/globals.d.ts"], ["dts-bundle-generator", "typescript"], build);
}

async function build(): Promise<Outputs> {
  const bundle = bundleDeclarations();
  const globals = await readFile(join(root, "labs/globals.d.ts"), "utf8");
  return { declarations: await emit("perflab", ".json", JSON.stringify({ perflab: bundle, globals })) };
}

/** Every declaration that perflab's types need, in one text. */
function bundleDeclarations(): string {
  const [bundle = ""] = generateDtsBundle(
    [{ filePath: join(root, "src/lab/perflab.ts"), output: { noBanner: true, exportReferencedTypes: true } }],
    { preferredConfigPath: join(root, "tsconfig.json") },
  );
  return ownNames(bundle);
}

/** The bundler renames what is also a global of browsers (`closed`); within a module our own name hides the global. */
function ownNames(text: string): string {
  const renamed = new Set([...text.matchAll(/\b(\w+)\$1\b/g)].map((match) => match[1]!));
  let out = text;
  for (const name of renamed) {
    const declared = new RegExp(
      `declare (?:const|let|function|class) ${name}\\b(?!\\$)|(?:interface|type) ${name}\\b(?!\\$)`,
    );
    if (!declared.test(out)) out = out.replaceAll(`${name}$1 as ${name}`, name).replaceAll(`${name}$1`, name);
  }
  return out;
}
