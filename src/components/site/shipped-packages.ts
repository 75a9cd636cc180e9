/** Whose code readers are sent: packages that the pages and labs import, what those need in turn, and their licences. Read while the site is built. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly licence: string;
  /** "Copyright …", where the licence names its holder. */
  readonly copyright: string | undefined;
  readonly text: string;
}

/** Rooms whose code, or a part of it, reaches a browser; a file that only Node runs is left out by what it imports from Node. */
const rooms = ["components", "endpoint", "engine", "lab", "offline", "pages", "project", "reference", "styles"];
/** What no import shows: the search index's reader, which Starlight adds, and the editor's workers and compiler, which scripts/lab copies. */
const beside = ["pagefind", "monaco-editor", "esbuild-wasm"];
/** Frameworks send small scripts of their own; what else they need runs while the site is built. */
const builders = new Set(["astro", "@astrojs/starlight", "@astrojs/preact", "pagefind"]);
/** Sorted by name. Throws where a package states no licence, or brings no text of it: what may not be passed on is not sent. */
export function shippedPackages(root = process.cwd()): readonly ShippedPackage[] {
  const found = new Map<string, ShippedPackage>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    const folder = join(root, "node_modules", name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageFile;
    found.set(name, described(about, folder));
    if (!builders.has(name)) for (const other of Object.keys(about.dependencies ?? {})) add(other);
  };
  for (const name of [...beside, ...importedPackages(root)]) add(name);
  found.set("STIX Two Math", stix(root));
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The typeface of formulas, a subset that stands in our own folder. */
function stix(root: string): ShippedPackage {
  const text = readFileSync(join(root, "src/styles/stix/OFL.txt"), "utf8").trim();
  return {
    name: "STIX Two Math",
    version: "(subset)",
    licence: "OFL-1.1",
    copyright: /^Copyright.*$/m.exec(text)?.[0],
    text,
  };
}

interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly license?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Throws where the licence or its text is missing. */
export function described({ name, version, license }: PackageFile, folder: string): ShippedPackage {
  if (typeof license !== "string" || license === "" || /UNLICENSED|SEE LICENSE/i.test(license))
    throw new Error(`${name} ${version} states no licence, so it can't be sent to readers`);
  const file = readdirSync(folder, { withFileTypes: true }).find(
    (each) => each.isFile() && /^(licen[cs]e|copying)/i.test(each.name),
  )?.name;
  const text = file === undefined ? standardText(license, name) : readFileSync(join(folder, file), "utf8").trim();
  // Without the addresses that some name after the holder.
  const line = /^.*\bcopyright\b.*\d{4}.*$/im.exec(text)?.[0].replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  const copyright = line?.split(/ \(?https?:/)[0]!.trim();
  return { name, version, licence: license, copyright, text };
}

/** Some packages name a well-known licence and leave its text out; the others must bring theirs. */
function standardText(license: string, name: string): string {
  if (["MIT", "ISC", "Apache-2.0"].includes(license))
    return `${name} names the ${license} licence and brings no text of it.`;
  throw new Error(`${name} names the licence ${license} and brings no text of it`);
}

/** Of the packages that the project depends on itself. */
function importedPackages(root: string): Set<string> {
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as PackageFile;
  const names = new Set<string>();
  for (const room of rooms) {
    const folder = join(root, "src", room);
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!/\.(ts|tsx|astro|css)$/.test(file)) continue;
      const source = readFileSync(join(folder, file), "utf8");
      if (/from\s+["']node:/.test(source)) continue;
      for (const name of packagesIn(source)) if (own.dependencies?.[name] !== undefined) names.add(name);
    }
  }
  return names;
}

function packagesIn(source: string): string[] {
  const imports =
    /^\s*(?:import|export)\s+(?!type\b)(?:[^"';]*?\sfrom\s+)?["']([^"'.][^"']*)["']|\bimport\(\s*["']([^"'.][^"']*)["']|(?:@import\s+|url\()["']([@a-z][^"':]*)["']/gm;
  return [...source.matchAll(imports)].flatMap(([, a, b, c]) => {
    const id = a ?? b ?? c ?? "";
    const name = id.split("/", id.startsWith("@") ? 2 : 1).join("/");
    return [name];
  });
}
