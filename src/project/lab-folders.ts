/** Where labs lie: labs/ of this repository, and the folders and packages that labs.config.json names, so that somebody's own course comes on top. */
import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { problemOfLabId } from "../lab/lab-id.ts";
import { configText, homeOf, readConfig } from "./course-config.ts";

export interface LabFolder {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  /** From the root of the repository, with slashes: "labs/kv-ledger", "../our-course/labs/queue". */
  readonly at: string;
}

/**
 * Folders that hold labs, absolute: labs/ first. `text`: labs.config.json, where it is not the file's own.
 * @throws Error that names the entry of labs.config.json and what is wrong with it.
 */
export function labHomes(root: string, text = configText(root)): readonly string[] {
  return [join(root, "labs"), ...readConfig(text).labs.map((entry) => homeOf(root, entry, "labs"))];
}

/** Every lab, by id. @throws Error as labHomes, where a folder has no name of a lab, and where two labs share an id. */
export function labFolders(root: string, text = configText(root)): readonly LabFolder[] {
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
