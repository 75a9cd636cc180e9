/** What a lab's front.ts finds by search while the site is built: the best that there is, to hold an attempt against. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { compileLabFile } from "../../src/lab/compile/lab-code.ts";
import { FaultyLab } from "../../src/lab/fault.ts";
import { labFolder, labIds, readLabFolder } from "./lab-folders.ts";
import { emit, labCode, step, type Outputs } from "./output.ts";
import { runAtBuild } from "./run-at-build.ts";

const path = (id: string) => join(labFolder(id).path, "front.ts");

/** The found fronts as JSON files, by lab. Searched again only where the engine or such a lab has changed. */
export function fronts(): Promise<Outputs> {
  const ids = labIds().filter((id) => existsSync(path(id)));
  return step("fronts", [...labCode, ...ids.map((id) => labFolder(id).at)], ["esbuild"], () => search(ids));
}

async function search(ids: readonly string[]): Promise<Outputs> {
  const found: Record<string, string> = {};
  for (const id of ids) {
    const { sources, faults } = readLabFolder(id);
    if (sources === undefined) throw new FaultyLab(faults);
    const result = await compileLabFile(esbuild, sources, "front.ts", readFileSync(path(id), "utf8"));
    if ("faults" in result) throw new FaultyLab(result.faults);
    const { exports } = await runAtBuild(sources.definition, result.compiled.code);
    found[id] = await emit(`fronts/${id}`, ".json", JSON.stringify(exports["default"]));
  }
  return found;
}
