/** Runs in files: our own JSON lines, bit for bit. */
import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { RunAssembler, runLines } from "../../endpoint/run-wire.ts";
import type { Run } from "../../engine/run.ts";
import { UsageError } from "./exit-codes.ts";

export async function saveRun(run: Run, file: string): Promise<void> {
  const lines = Readable.from(
    (function* () {
      for (const line of runLines(run)) yield `${line}\n`;
    })(),
  );
  await pipeline(lines, createWriteStream(file));
}

/** Throws UsageError when the file is none of ours. */
export async function loadRun(file: string): Promise<Run> {
  const assembler = new RunAssembler();
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const run = line === "" ? undefined : assembler.push(line);
      if (run) return run;
    }
  } catch (error) {
    throw new UsageError(`${file} can't be read as a run: ${(error as Error).message}`);
  }
  throw new UsageError(`${file} is no whole run of perflab`);
}

/** A name that sorts by time: label-20261124-055548.jsonl. */
export function runFileName(label: string, date: Date): string {
  const stamp = date.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `${label.replace(/[^A-Za-z0-9._-]+/g, "-")}-${stamp}.jsonl`;
}
