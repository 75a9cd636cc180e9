/** Bundles the engine with our client into one file, as Artillery loads it and as it would be published. */
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: [here("src/engine.ts")],
  outfile: here("dist/engine.js"),
  bundle: true,
  platform: "node",
  target: "node22",
  format: "esm",
  minifySyntax: true,
  // What is CommonJS in the bundle asks for Node's own modules at run time.
  banner: { js: 'import { createRequire } from "node:module";const require = createRequire(import.meta.url);' },
  legalComments: "inline",
});
