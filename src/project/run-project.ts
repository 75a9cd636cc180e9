/** `node run.mjs` of a downloaded lab: binds its parameters, runs its code, and writes what it drew beside it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { ChartDescription, ChartOrigin } from "../engine/chart/types.ts";
import type { Run } from "../engine/run.ts";
import type { PackedTrace } from "../engine/workload/traces/decode.ts";
import { badgeText } from "../components/charts/badge.ts";
import { toCsv } from "../components/charts/cells.ts";
import { runToVllm } from "../lab/keep/run-files.ts";
import { bindLab } from "../lab/runtime.ts";
import type { ProjectFile } from "../lab/project-file.ts";
import { picture } from "./picture.ts";

/** Variables of the site's light theme; the build puts them in. */
declare const COLOURS: string;

const noServer =
  "A downloaded lab runs on the simulated server. To measure your own, use the lab's page or `perflab bench`.";

/** `at`: import.meta.url of run.mjs; `argv`: what stands after it on the command line. Sets the exit code where it fails. */
export async function runProject(at: string, argv: readonly string[]): Promise<void> {
  const folder = fileURLToPath(new URL(".", at));
  const lab = JSON.parse(readFileSync(join(folder, "lab.json"), "utf8")) as ProjectFile;
  const asked = readArguments(lab, argv);
  if ("problem" in asked) {
    console.error(`${asked.problem}\n\n${usage(lab)}`);
    process.exitCode = 2;
    return;
  }
  if (asked.help) {
    console.log(usage(lab));
    return;
  }
  const results = join(folder, "results");
  rmSync(results, { recursive: true, force: true });
  const charts: { readonly description: ChartDescription; readonly origin: ChartOrigin }[] = [];
  const runs: Run[] = [];
  const traces = readTraces(folder);
  bindLab({
    seed: asked.seed,
    params: asked.params,
    ...(lab.server === undefined ? {} : { server: lab.server }),
    parameters: lab.parameters,
    measured: false,
    replay: [],
    runs: [],
    charts: [],
    emit: (description, origin) => charts.push({ description, origin }),
    keep: (run) => runs.push(run),
    progress: () => undefined,
    note: (text) => console.warn(text),
    traceData: (name) => traces.find((trace) => trace.name === name),
    measure: () => Promise.reject(new Error(noServer)),
    openStream: () => {
      throw new Error(noServer);
    },
  });
  await import(pathToFileURL(resolve(folder, asked.file)).href);
  const written = [...charts.flatMap(drawn), ...runs.map(asVllm)];
  if (written.length === 0) return;
  mkdirSync(results, { recursive: true });
  for (const { name, content } of written) writeFileSync(join(results, name), content);
  console.log(`\n${charts.map(({ description: { title, finding } }) => `${title}. ${finding}`).join("\n")}`);
  console.log(`\n${written.length} files in ${relative(process.cwd(), results) || "."}: pictures, data, and each Run.`);
}

interface Asked {
  readonly help: boolean;
  readonly file: string;
  readonly seed: number;
  readonly params: ProjectFile["params"];
}

function readArguments(lab: ProjectFile, argv: readonly string[]): Asked | { readonly problem: string } {
  const names = Object.keys(lab.params);
  const options = Object.fromEntries([...names, "seed"].map((name) => [name, { type: "string" as const }]));
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { ...options, help: { type: "boolean" as const } },
      allowPositionals: true,
    });
    const given = values as Readonly<Record<string, string | boolean | undefined>>;
    const params = Object.fromEntries(names.map((name) => [name, valueOf(lab, name, given[name])]));
    const seed = given["seed"] === undefined ? lab.seed : Number(given["seed"]);
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new Error(`--seed ${String(given["seed"])}: give a whole number, 0 or more.`);
    return { help: given["help"] === true, file: positionals[0] ?? "lab.mjs", seed, params };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function valueOf(lab: ProjectFile, name: string, given: string | boolean | undefined): number | string {
  const own = lab.params[name] ?? "";
  if (typeof given !== "string") return own;
  const listed = lab.options[name];
  if (listed !== undefined) {
    const found = listed.find((option) => String(option) === given);
    if (found === undefined) throw new Error(`--${name} ${given}: give one of ${listed.join(", ")}.`);
    return found;
  }
  const number = Number(given);
  if (given.trim() === "" || !Number.isFinite(number)) throw new Error(`--${name} ${given}: give a number.`);
  return number;
}

function usage({ title, params, seed }: ProjectFile): string {
  const own = Object.entries({ ...params, seed }).map(([name, value]) => `  --${name} ${value}`);
  return `${title}\n\nnode run.mjs [file] [options]\n\nOptions, with the values that are used without them:\n${own.join("\n")}`;
}

function readTraces(folder: string): readonly PackedTrace[] {
  try {
    return readdirSync(join(folder, "traces")).map(
      (name) => JSON.parse(readFileSync(join(folder, "traces", name), "utf8")) as PackedTrace,
    );
  } catch {
    return [];
  }
}

function drawn({ description, origin }: { description: ChartDescription; origin: ChartOrigin }, index: number) {
  const slug = description.title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 60);
  const stem = `${index + 1}-${slug || description.kind}`;
  return [
    ...(description.kind === "table"
      ? []
      : [{ name: `${stem}.svg`, content: picture(description, badgeText(origin), COLOURS) }]),
    { name: `${stem}.csv`, content: toCsv(description.table) },
  ];
}

/** The form that the lab's page takes in again, beside its own runs. */
function asVllm(run: Run, index: number) {
  return { name: `run-${index + 1}.json`, content: runToVllm(run) };
}
