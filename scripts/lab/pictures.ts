/** Draws the main chart of every lab as correct code draws it: what stands in the lab's place where no script runs. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { badgeText } from "../../src/components/charts/badge.ts";
import type { LabDefinition } from "../../src/lab/definition.ts";
import type { LabCode } from "../../src/lab/setup.ts";
import { picture } from "../../src/project/picture.ts";
import { lightColours } from "./colours.ts";
import { labIds, readLabFolder } from "./lab-folders.ts";
import { emit, out, type Outputs } from "./output.ts";
import { runAtBuild, type Drawn } from "./run-at-build.ts";

/** `labs`: compiled labs by id. One that draws nothing, or can't be run here, has no picture. */
export async function buildPictures(labs: Outputs): Promise<Outputs> {
  const colours = await lightColours();
  const pictures: Record<string, string> = {};
  const known = labIds();
  for (const [id, file] of Object.entries(labs)) {
    if (!known.includes(id)) continue;
    const { sources } = readLabFolder(id);
    if (sources === undefined) continue;
    const { solution } = JSON.parse(await readFile(join(out, file), "utf8")) as LabCode;
    const main = mainOf(sources.definition, await chartsOf(sources.definition, solution.code));
    if (main === undefined) continue;
    const svg = picture(main.description, badgeText(main.origin), colours);
    pictures[id] = await emit(`pictures/${id}`, ".svg", svg);
  }
  return pictures;
}

/** The chart that the prediction is drawn into, else the first with a picture. */
function mainOf({ prediction }: LabDefinition, charts: readonly Drawn[]): Drawn | undefined {
  return (
    charts.find(({ description }) => description.title === prediction?.chart?.title) ??
    charts.find(({ description }) => description.kind !== "table")
  );
}

async function chartsOf(definition: LabDefinition, code: string): Promise<readonly Drawn[]> {
  try {
    return (await runAtBuild(definition, code)).charts;
  } catch {
    // Its proof says what is wrong with it; what it had drawn until then is no answer.
    return [];
  }
}
