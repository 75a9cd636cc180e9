/** Runs in files: our own JSON lines, and the files of vLLM, AIPerf and GuideLLM. */
import { Option } from "commander";
import { readFile, writeFile } from "node:fs/promises";
import {
  fromAiperf,
  fromGuidellm,
  fromJsonl,
  fromVllm,
  toAiperf,
  toGuidellm,
  toJsonl,
  toVllm,
} from "../../engine/metrics/interchange/index.ts";
import { monotonic } from "../../endpoint/node/node-clock.ts";
import type { Run } from "../../engine/run.ts";
import { UsageError } from "./exit-codes.ts";

const runFormats = ["perflab", "vllm", "aiperf", "guidellm"] as const;
export type RunFormat = (typeof runFormats)[number];

const LINES: readonly RunFormat[] = ["perflab", "aiperf"];

/** Keeps a run that this process has measured, dated by its beginning. */
export async function saveRun(measured: Run, file: string, format: RunFormat): Promise<void> {
  const zero = Date.now() / 1000 - monotonic() + (measured.measurement?.zero ?? monotonic());
  const run = { ...measured, date: new Date(zero * 1000).toISOString() };
  const write: Record<RunFormat, () => string> = {
    perflab: () => toJsonl(run),
    vllm: () => JSON.stringify(toVllm(run)),
    aiperf: () => toAiperf(run, zero),
    guidellm: () => JSON.stringify(toGuidellm(run, zero)),
  };
  await writeFile(file, write[format]());
}

export interface LoadedRun {
  readonly run: Run;
  readonly format: RunFormat;
  /** What the file held that a Run has no place for. */
  readonly dropped: readonly string[];
}

/** Finds out by itself whose file it is. Throws UsageError when it can't be read as a run. */
export async function loadRun(file: string): Promise<LoadedRun> {
  try {
    const text = await readFile(file, "utf8");
    const format = formatOf(text);
    if (format === "perflab") return { run: fromJsonl(text), format, dropped: [] };
    const read = { vllm: fromVllm, aiperf: fromAiperf, guidellm: fromGuidellm }[format];
    const { run, dropped } = read(text);
    return { run, format, dropped };
  } catch (error) {
    throw new UsageError(`${file} can't be read as a run: ${(error as Error).message}`);
  }
}

/** By the first line, or by the whole where the file is one JSON document over several lines. */
function formatOf(text: string): RunFormat {
  const line = text.slice(0, text.indexOf("\n") + 1 || undefined);
  const head = (parsed(line) ?? parsed(text)) as Readonly<Record<string, unknown>> | undefined;
  if (typeof head === "object" && head !== null) {
    if (head["format"] === "perflab-run") return "perflab";
    if (head["benchmarks"] !== undefined) return "guidellm";
    if (head["metadata"] !== undefined && head["metrics"] !== undefined) return "aiperf";
    if (head["ttfts"] !== undefined || head["request_throughput"] !== undefined) return "vllm";
  }
  throw new Error(
    "it is none of perflab's JSON lines, vLLM's --save-detailed, AIPerf's profile_export.jsonl and GuideLLM's benchmarks.json",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
  return new Option("--format <tool>", "whose file --save-result writes; compare reads each of them")
    .choices(runFormats)
    .default("perflab");
}
