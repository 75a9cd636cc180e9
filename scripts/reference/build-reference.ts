/** Builds the reference: every export of perflab with its docstring, and its example run as a lab would run it. */
import { existsSync, readdirSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packJson } from "../../src/components/charts/packed.ts";
import { emit, root, type Outputs } from "../lab/output.ts";
import { groups, type Group } from "./groups.ts";
import { readApi, type Entry } from "./read-api.ts";
import { examples, gallery, runExample, type Example } from "./run-example.ts";

export interface DocumentedEntry extends Entry {
  readonly example: Example | null;
}

export interface Reference {
  /** By name: a method of chart, or check and award. */
  readonly gallery: Readonly<Record<string, Example>>;
  readonly groups: readonly Group[];
  readonly entries: readonly DocumentedEntry[];
}

const perflab: Readonly<Record<string, string>> = {
  perflab: "src/lab/perflab.ts",
  "perflab/checks": "src/lab/checks.ts",
};

export async function buildReference(): Promise<Outputs> {
  registerHooks({
    resolve: (specifier, context, next) => {
      const file = perflab[specifier];
      return next(file === undefined ? specifier : pathToFileURL(join(root, file)).href, context);
    },
  });
  const entries: DocumentedEntry[] = [];
  for (const entry of readApi()) {
    const has = existsSync(join(root, examples, `${entry.name}.ts`));
    entries.push({ ...entry, example: has ? await runExample(entry.name) : null });
  }
  const shown: Record<string, Example> = {};
  for (const file of readdirSync(join(root, gallery)).sort()) {
    const name = file.replace(".ts", "");
    shown[name] = await runExample(name, gallery);
  }
  const reference: Reference = { groups, entries, gallery: shown };
  const pages = Object.fromEntries(entries.map(({ name, group }) => [name, `${group.slug}/#${name}`]));
  return {
    reference: await emit("reference", ".json", packJson(reference)),
    // For the editor's hovers.
    referencePages: await emit("pages", ".json", JSON.stringify(pages)),
  };
}
