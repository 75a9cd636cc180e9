/** Builds perflab.mjs, which a downloaded lab takes along: the engine, what labs import, and what runs them under Node. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
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

/** The variables of the light theme, for pictures that stand alone. */
async function lightColours(): Promise<string> {
  const tokens = await readFile(join(root, "src/styles/tokens.css"), "utf8");
  const [, light] = /\[data-theme="light"\] \{([^}]*)\}/.exec(tokens) ?? [];
  if (light === undefined) throw new Error("src/styles/tokens.css has no block for the light theme");
  return light.replaceAll(/\s+/g, " ").trim();
}
