/** Builds the worker that runs a real engine in the tab, and copies llama.cpp's WebAssembly beside it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { emit, packageVersion, root, type Outputs } from "./output.ts";

export async function buildTabEngine(): Promise<Outputs> {
  const wasm = await readFile(join(root, "node_modules/@wllama/wllama/esm/wasm/wllama.wasm"));
  const file = await emit("wllama", ".wasm", wasm);
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/endpoint/browser/tab-worker.ts"],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2023",
    legalComments: "none",
    define: { WLLAMA: JSON.stringify({ file, bytes: wasm.length, version: packageVersion("@wllama/wllama") }) },
  });
  return { tabEngine: await emit("tab-engine", ".js", outputFiles[0]?.contents ?? ""), tabEngineWasm: file };
}
