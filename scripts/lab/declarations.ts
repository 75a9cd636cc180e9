/** Generates perflab's declaration file from the code, for the editor's IntelliSense. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { generateDtsBundle } from "dts-bundle-generator";
import { emit, root, type Outputs } from "./output.ts";

export async function buildDeclarations(): Promise<Outputs> {
  const [bundle] = generateDtsBundle(
    [{ filePath: join(root, "src/lab/perflab.ts"), output: { noBanner: true, exportReferencedTypes: true } }],
    { preferredConfigPath: join(root, "tsconfig.json") },
  );
  const globals = await readFile(join(root, "labs/globals.d.ts"), "utf8");
  return { declarations: await emit("perflab", ".json", JSON.stringify({ perflab: bundle ?? "", globals })) };
}
