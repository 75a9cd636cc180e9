/** After the build, last of all: writes edition.json (every file of the site with its size) and the service worker that serves them offline. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Edition } from "../src/offline/edition.ts";

const root = join(import.meta.dirname, "..");
/** Written by this step, or read by the build alone. */
const APART = /^(?:sw\.js|edition\.json|generated\/(?:manifest|reference-\w+)\.json|sitemap.*\.xml)$|\.gz$|\.br$/;

/** Every file a browser may ask for, as its address under the base. */
export function editionOf(folder: string): Edition {
  const hash = createHash("sha256");
  const files: Record<string, number> = {};
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  for (const name of names.sort()) {
    const path = join(folder, name);
    if (APART.test(name) || !statSync(path).isFile()) continue;
    const packed = `${path}.gz`;
    hash.update(name).update("\0").update(readFileSync(path));
    files[name.replace(/(^|\/)index\.html$/, "$1")] = statSync(existsSync(packed) ? packed : path).size;
  }
  return { id: hash.digest("hex").slice(0, 12), files };
}

async function write(folder: string): Promise<void> {
  const edition = editionOf(folder);
  writeFileSync(join(folder, "edition.json"), JSON.stringify(edition));
  await build({
    absWorkingDir: root,
    entryPoints: ["src/offline/worker.ts"],
    outfile: join(folder, "sw.js"),
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2023",
    define: { EDITION: JSON.stringify(edition) },
    logLevel: "warning",
  });
  const bytes = Object.values(edition.files).reduce((sum, size) => sum + size, 0);
  console.log(
    `offline: edition ${edition.id}, ${Object.keys(edition.files).length} files, ${(bytes / 1e6).toFixed(1)} MB`,
  );
}

if (import.meta.main) await write(join(process.cwd(), process.env.OUT_DIR ?? "dist"));
