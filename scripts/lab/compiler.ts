/** Builds the compile worker and copies esbuild's WebAssembly beside it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { emit, root, type Outputs } from "./output.ts";

export async function buildCompiler(): Promise<Outputs> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/lab/compile/worker.ts"],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2023",
    legalComments: "none",
  });
  const wasm = await readFile(join(root, "node_modules/esbuild-wasm/esbuild.wasm"));
  return {
    compileWorker: await emit("compile", ".js", outputFiles[0]?.contents ?? ""),
    compileWasm: await emit("esbuild", ".wasm", wasm),
  };
}
