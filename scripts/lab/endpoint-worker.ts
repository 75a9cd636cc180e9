/** Builds the worker that measures endpoints straight from the browser: the one file that may reach other hosts. */
import { build } from "esbuild";
import { emit, root, type Outputs } from "./output.ts";

export async function buildEndpointWorker(): Promise<Outputs> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/endpoint/browser/worker.ts"],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2023",
    legalComments: "none",
  });
  return { endpointWorker: await emit("endpoint", ".js", outputFiles[0]?.contents ?? "") };
}
