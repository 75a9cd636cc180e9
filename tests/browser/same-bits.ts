/** The engine as one script for a browser, with a run whose fingerprint must be the same everywhere. */
import { build } from "esbuild";

const entry = `
  import { fingerprint, simulate } from "./src/engine/index.ts";
  import { server, workload } from "./tests/engine/simulate/fingerprint-case.ts";
  globalThis.engineFingerprint = () => fingerprint(simulate(server, workload, { record: "chunks" }));
`;

/** Source text that sets `globalThis.engineFingerprint`. */
export async function engineScript(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    format: "iife",
    target: "es2023",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
