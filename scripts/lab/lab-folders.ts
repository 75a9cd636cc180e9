/** The labs' folders, read from disk. */
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { labFolders, labHomes, type LabFolder } from "../../src/project/lab-folders.ts";
import { readLab } from "../../src/lab/lab-sources.ts";
import { root } from "./output.ts";

/** Ids of all labs, in order. */
export function labIds(): readonly string[] {
  return labFolders(root).map(({ id }) => id);
}

/** @throws Error where there is no such lab. */
export function labFolder(id: string): LabFolder {
  const found = labFolders(root).find((folder) => folder.id === id);
  if (found === undefined) throw new Error(`There is no lab "${id}".`);
  return found;
}

/** What builds that depend on labs are made of, from the root of the repository. */
export function labInputs(): readonly string[] {
  return ["labs.config.json", ...labHomes(root).map((home) => relative(root, home))];
}

/** The text of a file of a lab, or undefined where there is none. */
export function readLabFile(id: string, file: string): string | undefined {
  const whole = join(labFolder(id).path, file);
  return existsSync(whole) ? readFileSync(whole, "utf8") : undefined;
}

/** One lab with all that is wrong with its files. */
export function readLabFolder(id: string): ReturnType<typeof readLab> {
  return readLab(id, (file) => readLabFile(id, file), labFolder(id).at);
}
