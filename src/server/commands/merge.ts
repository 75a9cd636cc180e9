/** `perflab merge`: the shards of one schedule as one run. Percentiles are taken of all requests together, never averaged. */
import { stat, writeFile } from "node:fs/promises";
import { Command } from "commander";
import color from "picocolors";
import { sketchResult } from "../../engine/metrics/interchange/sketch-file.ts";
import type { Json } from "../../engine/metrics/interchange/parse.ts";
import { examineShards } from "../../engine/metrics/merge/examine.ts";
import { endedOf, mergeRuns, missingText } from "../../engine/metrics/merge/merge-runs.ts";
import { SketchedRun } from "../../engine/metrics/merge/sketched-run.ts";
import type { MergedShard, Run } from "../../engine/run.ts";
import { mergedNotes } from "../../endpoint/report/shard-notes.ts";
import { reportOf } from "../../endpoint/report/run-report.ts";
import { UsageError } from "./exit-codes.ts";
import { keep } from "./keep.ts";
import { keptRunParts, readHead, readKeptRun } from "./kept-run-file.ts";
import { percentiles, wholeFrom } from "./read-options.ts";
import { printed } from "./report.ts";
import { checkWritable, writeRun } from "./run-file.ts";
import { statedText } from "./stated-text.ts";

interface Flags {
  saveResult?: string;
  allowMissing?: boolean;
  poolUpTo: number;
  metricPercentiles: number[];
  json?: boolean;
}

/** Requests whose raw records are pooled; more go through sketches. */
const POOL_UP_TO = 1_000_000;
/** Requests in memory at once on their way into the sketches. */
const PART = 5000;

const EXAMPLES = `
Up to ${POOL_UP_TO} requests are pooled record by record, so percentiles are those of one run. More go through DDSketches, whose
percentiles are within 0.5 %; what is printed says which. Shards of another run, twice the same and missing ones are named.

Examples:
  $ perflab merge shard-*.jsonl --save-result merged.jsonl
  The merged run as any other
    $ perflab report merged.jsonl --definition vllm
    $ perflab compare before.jsonl merged.jsonl
  One machine was lost
    $ perflab merge shard-*.jsonl --allow-missing`;

export function mergeCommand(): Command {
  return new Command("merge")
    .description("pool the shards of one schedule, as bench --shard kept them")
    .argument("<files...>", "one file a shard, in any order")
    .option("--save-result <file>", "keep the merged run")
    .option("--allow-missing", "merge what is there when a shard is missing; the run says so")
    .option("--pool-up-to <n>", "requests whose records are pooled; more go through sketches", wholeFrom(0), POOL_UP_TO)
    .option("--metric-percentiles <list>", "percentiles to print", percentiles, [50, 90, 99])
    .option("--json", "print one JSON object instead of a table")
    .addHelpText("after", EXAMPLES)
    .action(merge);
}

async function merge(files: readonly string[], flags: Flags): Promise<void> {
  if (flags.saveResult !== undefined) await checkWritable(flags.saveResult, "perflab");
  const heads = await Promise.all(files.map(async (name) => ({ name, run: await reading(name, readHead(name)) })));
  const { wrong, missing, of } = examineShards(heads);
  if (wrong.length > 0) throw new UsageError(wrong.join("\n"));
  if (missing.length > 0 && !flags.allowMissing)
    throw new UsageError(`${missingText(missing, of)}. Give its file, or --allow-missing.`);
  const requests = heads.reduce((sum, { run }) => sum + run.measurement!.rows!.length, 0);
  await (requests <= flags.poolUpTo ? pool(files, flags) : sketch(heads, missing, flags));
}

async function pool(files: readonly string[], flags: Flags): Promise<void> {
  const named: { name: string; run: Run }[] = [];
  for (const name of files) named.push({ name, run: await reading(name, readKeptRun(name)) });
  const run = mergeRuns(named, { allowMissing: flags.allowMissing === true });
  if (flags.saveResult !== undefined) await keep(flags.saveResult, writeRun(run, flags.saveResult, "perflab"));
  const report = reportOf(run, { percentiles: flags.metricPercentiles });
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `${printed(report, flags.metricPercentiles)}\n`);
}

type Head = Omit<Run, "requests">;

async function sketch(
  heads: readonly { readonly name: string; readonly run: Head }[],
  missing: readonly number[],
  flags: Flags,
): Promise<void> {
  const all = new SketchedRun();
  const shards: MergedShard[] = [];
  for (const { name, run } of heads) {
    process.stderr.write(`${name}: ${run.measurement!.rows!.length} requests, ${await sizeOf(name)} MB\n`);
    await reading(name, addParts(all, name, run.measurement!.rows!.length));
    const { index, clock } = run.measurement!.shard!;
    const clientLag = run.origin.kind === "measured" ? run.origin.clientLag : 0;
    shards.push({ index, requests: run.measurement!.rows!.length, clientLag, ...(clock && { clock }) });
  }
  shards.sort((a, b) => a.index - b.index);
  const { of, startAt } = heads[0]!.run.measurement!.shard!;
  const merged = { of, startAt, shards, missing };
  // That some are missing, the notes say.
  const ended = endedOf(
    heads.map(({ run }) => run),
    [],
    of,
  );
  const file = all.file(heads[0]!.run, merged, (duration) => [
    ...(ended ? [ended.message] : []),
    ...mergedNotes(merged, duration).slice(1),
  ]);
  if (flags.saveResult !== undefined)
    await keep(flags.saveResult, writeFile(flags.saveResult, `${JSON.stringify(file)}\n`));
  const { stated, missing: notes } = sketchResult(file as unknown as Json, flags.metricPercentiles);
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ ...stated, merged, notes })}\n`
      : `${statedText(`sketches of ${shards.length} shards`, stated!, flags.metricPercentiles)}\n${notes.map((note) => color.yellow(note)).join("\n")}\n`,
  );
}

async function addParts(all: SketchedRun, file: string, rows: number): Promise<void> {
  let count = 0;
  for await (const part of keptRunParts(file, PART)) {
    all.add(part);
    count += part.requests.count;
  }
  if (count !== rows) throw new Error(`it holds ${count} requests, and its first line says ${rows}`);
}

async function sizeOf(file: string): Promise<string> {
  return ((await stat(file)).size / 1e6).toPrecision(3);
}

async function reading<T>(file: string, read: Promise<T>): Promise<T> {
  return read.catch((error: Error) => {
    throw new UsageError(`${file} can't be read as a shard: ${error.message}`);
  });
}
