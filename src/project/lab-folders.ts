/** Where labs lie: labs/ of this repository, and the folders and packages that labs.config.json names, so that somebody's own course comes on top. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { problemOfLabId } from "../lab/lab-id.ts";

export interface LabFolder {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  /** From the root of the repository, with slashes: "labs/kv-ledger", "../our-course/labs/queue". */
  readonly at: string;
}

const config = "labs.config.json";

/**
 * Folders that hold labs, absolute: labs/ first. `text`: labs.config.json, where it is not the file's own.
 * @throws Error that names the entry of labs.config.json and what is wrong with it.
 */
export function labHomes(root: string, text = configOf(root)): readonly string[] {
  return [join(root, "labs"), ...entriesOf(text).map((entry) => homeOf(root, entry))];
}

/** Every lab, by id. @throws Error as labHomes, where a folder has no name of a lab, and where two labs share an id. */
export function labFolders(root: string, text = configOf(root)): readonly LabFolder[] {
  const found = new Map<string, LabFolder>();
  for (const home of labHomes(root, text)) {
    for (const id of readdirSync(home)) {
      const path = join(home, id);
      if (id.startsWith(".") || !statSync(path).isDirectory()) continue;
      const at = relative(root, path).replaceAll("\\", "/");
      const problem = problemOfLabId(id);
      if (problem !== null) throw new Error(`${at} can't be a lab. ${problem} Rename the folder.`);
      const twin = found.get(id);
      if (twin !== undefined)
        throw new Error(`${at} and ${twin.at} have one name, and with it one address. Rename one of the folders.`);
      found.set(id, { id, path, at });
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function configOf(root: string): string {
  const file = join(root, config);
  return existsSync(file) ? readFileSync(file, "utf8") : '{ "labs": [] }';
}

function entriesOf(text: string): readonly string[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new Error(`${config} is not JSON: ${(error as Error).message}`);
  }
  const labs: unknown = typeof given === "object" && given !== null ? (given as { labs?: unknown }).labs : undefined;
  const other = Object.keys(given as object).find((key) => key !== "labs");
  if (other !== undefined) throw new Error(`${config} has a field "${other}"; it has "labs" alone.`);
  if (!Array.isArray(labs) || !labs.every((entry) => typeof entry === "string"))
    throw new Error(`"labs" in ${config} must be a list of folders or packages, such as ["../our-course/labs"].`);
  return labs;
}

/** A folder, from the root, or the labs/ of an installed package. */
function homeOf(root: string, entry: string): string {
  const local = isAbsolute(entry) ? entry : resolve(root, entry);
  if (existsSync(local) && statSync(local).isDirectory()) return local;
  const inPackage = join(root, "node_modules", entry, "labs");
  if (/^(?:@[\w.-]+\/)?[\w.-]+$/.test(entry) && existsSync(inPackage)) return inPackage;
  const fix = entry.startsWith(".") || isAbsolute(entry) ? "" : `, nor a package in node_modules with a folder labs/`;
  throw new Error(`${config} names ${JSON.stringify(entry)}, which is no folder${fix}.`);
}
