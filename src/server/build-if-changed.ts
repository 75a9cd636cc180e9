/** Builds the site when what it is made from has changed since the last build; a hash of the sources tells. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { labHomes } from "../project/lab-folders.ts";

/** What the site is built from. src/server is not in it. */
const SOURCES = [
  "package-lock.json",
  "astro.config.mjs",
  "tsconfig.json",
  "content",
  "labs",
  "labs.config.json",
  "public",
  "scripts",
  "src",
];
const NOT_SOURCES = /^(src\/server|public\/generated)(\/|$)|(^|\/)\.DS_Store$/;
/** Inside the output folder, so that it goes when the output goes. */
const STAMP = ".sources";

/** A hash over the names and contents of everything the site is built from, and the settings it is built with. */
export function sourceHash(root: string): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([process.env.BASE ?? "/", process.env.SITE ?? ""]));
  for (const path of sourceFiles(root)) hash.update(`\n${path}\n`).update(readFileSync(join(root, path)));
  const [, ...elsewhere] = existsSync(join(root, "labs")) ? labHomes(root) : [];
  for (const home of elsewhere)
    for (const entry of globSync("**/*", { cwd: home, withFileTypes: true }))
      if (entry.isFile()) hash.update(`\n${entry.name}\n`).update(readFileSync(join(entry.parentPath, entry.name)));
  return hash.digest("hex");
}

function sourceFiles(root: string): string[] {
  const found = SOURCES.flatMap((source) => [source, `${source}/**/*`])
    .flatMap((pattern) => globSync(pattern, { cwd: root, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll("\\", "/").replace(/^\//, ""));
  return [...new Set(found)].filter((path) => !NOT_SOURCES.test(path)).sort();
}

/** Runs `npm run build` unless the output is up to date. Returns whether it built. Rejects when the build fails. */
export async function buildIfChanged(root: string, output: string, say: (line: string) => void): Promise<boolean> {
  const stamp = join(output, STAMP);
  const hash = sourceHash(root);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return false;
  say("Building the site; it takes a minute or two, once.");
  await runScript(root, "build");
  writeFileSync(stamp, hash);
  return true;
}

/** Runs a script of package.json. npm names itself in npm_execpath, which spares finding it on the path (npm.cmd on Windows). */
export function runScript(root: string, script: string): Promise<void> {
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm, "run", script]] : ["npm", ["run", script]];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`npm run ${script} ended with code ${code}`)),
    );
  });
}
