/** Runs in files: our own JSON lines, and the files of other tools. */
import { Option } from "commander";
import { access, constants, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  readResults,
  toAiperf,
  toAiperfAggregate,
  jsonlLines,
  toGuidellm,
  toVllm,
  type ResultFile,
  type ToolResult,
} from "../../engine/metrics/interchange/index.ts";
import { monotonic } from "../../endpoint/node/node-clock.ts";
import type { Run } from "../../engine/run.ts";
import { UsageError } from "./exit-codes.ts";
import { isKeptRun, readKeptRun } from "./kept-run-file.ts";
import { decodeText } from "./read-text.ts";

const runFormats = ["perflab", "vllm", "aiperf", "guidellm"] as const;
export type RunFormat = (typeof runFormats)[number];

const LINES: readonly RunFormat[] = ["perflab", "aiperf"];

/** Keeps a run that this process has measured, dated by its beginning. */
export async function saveRun(measured: Run, file: string, format: RunFormat): Promise<void> {
  const zero = Date.now() / 1000 - monotonic() + (measured.measurement?.zero ?? monotonic());
  await writeRun({ ...measured, date: new Date(zero * 1000).toISOString() }, file, format);
}

/**
 * In the format of a tool. AIPerf keeps a folder: where `file` is one, or ends in a slash, it gets both of AIPerf's files, else
 * its records alone. Times are absolute where the run has a date.
 */
export async function writeRun(run: Run, file: string, format: RunFormat): Promise<void> {
  const dated = Date.parse(run.date ?? "") / 1000;
  const zero = Number.isFinite(dated) ? dated : 0;
  if (format === "aiperf" && (file.endsWith("/") || (await isFolder(file)))) {
    await mkdir(file, { recursive: true });
    await writeFile(join(file, "profile_export.jsonl"), toAiperf(run, zero));
    await writeFile(join(file, "profile_export_aiperf.json"), JSON.stringify(toAiperfAggregate(run, zero), null, 2));
    return;
  }
  const write: Record<RunFormat, () => string | Iterable<string>> = {
    perflab: () => jsonlLines(run),
    vllm: () => JSON.stringify(toVllm(run)),
    aiperf: () => toAiperf(run, zero),
    guidellm: () => JSON.stringify(toGuidellm(run, zero)),
  };
  await writeFile(file, write[format]());
}

/** Throws UsageError where nothing can be written, before a run is measured that could then not be kept. */
export async function checkWritable(file: string, format: RunFormat): Promise<void> {
  const folder = dirname(file);
  if (format !== "aiperf" && (file.endsWith("/") || (await isFolder(file))))
    throw new UsageError(`--save-result ${file} is a folder; name a file in it`);
  const there = await stat(file).then(
    () => file,
    () => folder,
  );
  await access(there, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === "ENOENT" ? `the folder ${folder} does not exist` : `${there} can't be written (${error.code})`;
    throw new UsageError(`--save-result ${file}: ${why}`);
  });
}

export interface LoadedResult {
  /** Whose file it is, in words: "vLLM's bench serve result". */
  readonly source: string;
  readonly result: ToolResult;
}

export type LoadedRun = LoadedResult & { readonly run: Run };

/** What tools call the file with the requests, in the folder they write. */
const IN_A_FOLDER = ["profile_export.jsonl", "benchmarks.json", "per_request_lifecycle_metrics.json"];

/**
 * One result of a file, whosever it is. `FILE#2` is its second; a file that holds several asks which. Throws UsageError for
 * one that can't be read.
 */
export async function loadResult(named: string): Promise<LoadedResult> {
  const { file, chosen } = await chosenOf(named);
  let read: ResultFile;
  try {
    const inside = await insideFolder(file);
    const large = await readLarge(inside);
    if (large) return large;
    read = readResults(decodeText(await readFile(inside)));
  } catch (error) {
    throw new UsageError(`${file} can't be read as a run: ${(error as Error).message}`);
  }
  const { results, tool, kind, version } = read;
  if (chosen === undefined && results.length > 1)
    throw new UsageError(
      `${file} holds ${results.length} ${results.every(({ run }) => run) ? "runs" : "benchmarks"}; say which: ${results.map(({ label, run }, i) => `${file}#${i + 1} (${label}${run ? "" : ", a summary without requests"})`).join(", ")}`,
    );
  const result = results[(chosen ?? 1) - 1];
  if (!result) throw new UsageError(`${file} holds ${results.length} runs, so there is no #${chosen}`);
  return { source: `${tool}'s ${kind.replace(/^its /, "")}${version ? ` (${version})` : ""}`, result };
}

/** As `loadResult`, for what needs the requests themselves. Throws UsageError for a summary without them. */
export async function loadRun(file: string): Promise<LoadedRun> {
  const loaded = await loadResult(file);
  const { run } = loaded.result;
  if (!run) throw new UsageError(`${file} is ${loaded.source}, without requests. It lacks ${loaded.result.missing[0]}`);
  return { ...loaded, run };
}

/** What the reader of a file should know of it, a line each. */
export function notesOn(file: string, { source, result }: LoadedResult): string[] {
  return [
    ...(result.dropped.length > 0 ? [`${file} (${source}): left out ${result.dropped.join(", ")}`] : []),
    ...(result.missing.length > 0 ? [`${file} (${source}): lacks ${result.missing.join("; ")}`] : []),
  ];
}

/** From so many bytes on our own files are read line by line: as one text they may be longer than a string can be. */
const LARGE = 64e6;

async function readLarge(file: string): Promise<LoadedRun | undefined> {
  if ((await stat(file)).size < LARGE || !(await isKeptRun(file))) return undefined;
  const run = await readKeptRun(file);
  return { source: "perflab's kept run", result: { label: "one run", run, dropped: [], missing: [] }, run };
}

/** A file may have a # in its own name. */
async function chosenOf(named: string): Promise<{ file: string; chosen?: number }> {
  const parts = /^(.+)#(\d+)$/.exec(named);
  if (!parts || (await exists(named))) return { file: named };
  return { file: parts[1]!, chosen: Number(parts[2]) };
}

async function insideFolder(file: string): Promise<string> {
  if (!(await isFolder(file))) return file;
  for (const name of IN_A_FOLDER) if (await exists(join(file, name))) return join(file, name);
  throw new Error(`the folder holds none of ${IN_A_FOLDER.join(", ")}`);
}

async function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** A name that sorts by time: label-20261124-055548.jsonl. */
export function runFileName(label: string, date: Date, format: RunFormat): string {
  const stamp = date.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `${label.replace(/[^A-Za-z0-9._-]+/g, "-")}-${stamp}.${extensionOf(format)}`;
}

export function extensionOf(format: RunFormat): string {
  return LINES.includes(format) ? "jsonl" : "json";
}

/** For the commands that keep runs. */
export function formatOption(): Option {
  return new Option(
    "--format <tool>",
    "whose file --save-result writes (aiperf: a folder, if it ends in /); compare and report read them all",
  )
    .choices(runFormats)
    .default("perflab");
}
