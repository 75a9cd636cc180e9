/** How the reference is divided: by the headings that src/engine/index.ts already has, then what only labs and checks have. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lab/output.ts";

export interface Group {
  readonly slug: string;
  readonly title: string;
}

/** By the heading in src/engine/index.ts. */
const headings: Readonly<Record<string, Group>> = {
  "the nouns": { slug: "runs", title: "Runs and errors" },
  metrics: { slug: "metrics", title: "Metrics" },
  catalogue: { slug: "catalog", title: "The catalogue" },
  "servers and their steps": { slug: "servers", title: "Servers and their steps" },
  estimate: { slug: "estimate", title: "Estimates and costs" },
  "digital twin": { slug: "calibrate", title: "A digital twin" },
  workloads: { slug: "workloads", title: "Workloads" },
  simulator: { slug: "simulate", title: "The simulator" },
  retrieval: { slug: "retrieval", title: "Retrieval" },
};
const inLabs: Group = { slug: "labs", title: "In a lab" };
const inChecks: Group = { slug: "checks", title: "Checks of a lab" };

export const groups: readonly Group[] = [...Object.values(headings), inLabs, inChecks];

export interface Grouping {
  /** @param file the declaration's, from the root of the repository. */
  groupOf(module: string, name: string, file: string): Group;
}

/** @throws Error for a heading that this file has no group for. */
export function readGroups(): Grouping {
  const names = new Map<string, Group>();
  const files = new Map<string, Group>();
  let current = inLabs;
  const index = readFileSync(join(root, "src/engine/index.ts"), "utf8");
  for (const [, heading, exported, file] of index.matchAll(
    /^\/\/ ── (.+?) ──$|^export (?:type )?(?:\{([^}]+)\}|\*) from "\.\/([^"]+)"/gm,
  )) {
    if (heading !== undefined) {
      const group = headings[heading];
      if (group === undefined) throw new Error(`scripts/reference/groups.ts has no group for "${heading}"`);
      current = group;
    } else if (exported !== undefined) {
      for (const name of exported.split(",")) names.set(name.replace(/\btype\b/, "").trim(), current);
    } else if (file !== undefined) files.set(`src/engine/${file}`, current);
  }
  return {
    groupOf: (module, name, file) =>
      module === "perflab/checks" ? inChecks : (names.get(name) ?? files.get(file) ?? inLabs),
  };
}
