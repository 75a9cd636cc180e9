/** Where the lab pieces go, under names that carry their content's hash, and which steps can be skipped. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

export const root = join(import.meta.dirname, "..", "..");
export const out = join(root, "public", "generated");
const cache = join(root, ".cache", "build-lab");

/** What runs in a lab; the page's side of it is built with the site. */
export const labCode = ["src/engine", "src/lab", "!src/lab/store", "!src/lab/editor"] as const;

/** Paths of built files relative to public/generated/, by role. */
export type Outputs = Readonly<Record<string, string>>;

/**
 * Runs `build`, unless the files under `paths` (those behind a "!" left out), the packages' versions and this script are as
 * they were. What is not `whole` is built again the next time.
 */
export async function step(
  name: string,
  paths: readonly string[],
  packages: readonly string[],
  build: () => Promise<Outputs>,
  whole: () => boolean = () => true,
): Promise<Outputs> {
  const inputs = await hashOf([...paths, "scripts/lab", "scripts/build-lab.ts"], packages);
  const record = join(cache, `${name}.json`);
  if (existsSync(record)) {
    const known = JSON.parse(await readFile(record, "utf8")) as { inputs: string; outputs: Outputs };
    if (known.inputs === inputs && Object.values(known.outputs).every((file) => existsSync(join(out, file)))) {
      return known.outputs;
    }
  }
  const began = performance.now();
  const outputs = await build();
  if (whole()) await writeWhole(record, JSON.stringify({ inputs, outputs }));
  console.log(`  ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return outputs;
}

/** Writes a file as `<stem>-<hash><extension>`; such a file never changes and may be cached for ever. */
export async function emit(stem: string, extension: string, content: string | Uint8Array): Promise<string> {
  const file = `${stem}-${digest(content)}${extension}`;
  await emitAs(file, content);
  return file;
}

/** Writes a file under exactly this name, for files that refer to each other. */
export async function emitAs(file: string, content: string | Uint8Array): Promise<void> {
  await writeWhole(join(out, file), content);
}

/** So that a reader finds the old content or the new one, never a part, and two builds can write at once. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}-${performance.now()}${UNFINISHED}`;
  await writeFile(unfinished, content);
  await rename(unfinished, path);
}

const UNFINISHED = ".part";

export function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}

export function packageVersion(name: string): string {
  return (JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as { version: string })
    .version;
}

export async function writeManifest(manifest: Readonly<Record<string, unknown>>): Promise<void> {
  await emitAs("manifest.json", JSON.stringify(manifest, null, 2));
}

/**
 * Removes files under `folder` that no step has made. A folder in `outputs` keeps all of its files, and what was written
 * since `began` (milliseconds since 1970) stays: another build may be at work.
 */
export async function keepOnly(outputs: readonly Outputs[], began: number, folder = out): Promise<void> {
  const kept = new Set(["manifest.json", ...outputs.flatMap((files) => Object.values(files))]);
  const folders = [...kept].filter((file) => file.includes("/")).map((file) => `${dirname(file)}/`);
  for (const file of await filesUnder(folder)) {
    const name = relative(folder, file).replaceAll("\\", "/");
    const inKeptFolder = folders.some(
      (folder) => !/^(?:labs|pictures|fronts|accuracy)\//.test(folder) && name.startsWith(folder),
    );
    if (kept.has(name) || (inKeptFolder && !name.endsWith(UNFINISHED))) continue;
    const written = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    if (written < began) await rm(file, { force: true });
  }
}

async function hashOf(paths: readonly string[], packages: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const name of packages) hash.update(`${name}@${packageVersion(name)}\n`);
  const without = paths.filter((path) => path.startsWith("!")).map((path) => join(root, path.slice(1)));
  for (const path of paths.filter((each) => !each.startsWith("!"))) {
    const files = await filesUnder(join(root, path));
    for (const file of files.filter((each) => !without.some((folder) => each.startsWith(folder))))
      hash.update(relative(root, file)).update(await readFile(file));
  }
  return hash.digest("hex");
}

async function filesUnder(path: string): Promise<readonly string[]> {
  if (!existsSync(path)) return [];
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
