/** Builds perflab.mjs, which a downloaded lab takes along: the engine, what labs import, and what runs them under Node. */
import { build } from "esbuild";
import { lightColours } from "./colours.ts";
import { emit, root, type Outputs } from "./output.ts";

export async function buildProject(): Promise<Outputs> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/project/perflab.ts"],
    bundle: true,
    write: false,
    minify: true,
    keepNames: true,
    platform: "node",
    format: "esm",
    target: "es2023",
    legalComments: "none",
    define: { COLOURS: JSON.stringify(await lightColours()) },
  });
  return { project: await emit("perflab", ".mjs", outputFiles[0]?.contents ?? "") };
}
