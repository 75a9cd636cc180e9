/** The folders under labs/, read from disk. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readLab } from "../../src/lab/lab-sources.ts";
import { root } from "./output.ts";

const labs = join(root, "labs");

/** Ids of all labs, in order. */
export function labIds(): readonly string[] {
  return readdirSync(labs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** One lab with all that is wrong with its files. */
export function readLabFolder(id: string): ReturnType<typeof readLab> {
  return readLab(id, (file) => {
    const path = join(labs, id, file);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  });
}
