/** Our own run files read line by line, packed or not, so that neither their text nor its objects need to fit into memory at once. */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { KeptRun, RUN_FORMAT } from "../../engine/metrics/interchange/index.ts";
import type { Json } from "../../engine/metrics/interchange/parse.ts";
import type { Run } from "../../engine/run.ts";

/** Whether the file begins as ours do. */
export async function isKeptRun(file: string): Promise<boolean> {
  for await (const line of linesOf(file)) return line.startsWith(`{"format":"${RUN_FORMAT}"`);
  return false;
}

/** Throws an Error that says what is wrong and in which line. */
export async function readKeptRun(file: string): Promise<Run> {
  let kept: KeptRun | undefined;
  for await (const line of documentsOf(file)) {
    if (kept) kept.add(line);
    else kept = new KeptRun(line);
  }
  if (!kept) throw new Error("the file is empty");
  return kept.run();
}

/** A run in parts of so many requests, each with what is said of the whole run. */
export async function* keptRunParts(file: string, requests: number): AsyncGenerator<Run> {
  let part: KeptRun | undefined;
  for await (const line of documentsOf(file)) {
    if (!part) {
      part = new KeptRun(line);
      continue;
    }
    part.add(line);
    if (part.count < requests) continue;
    yield part.part();
    part = part.next();
  }
  if (part && part.count > 0) yield part.part();
}

/** What the first line says. */
export async function readHead(file: string): Promise<Omit<Run, "requests">> {
  for await (const line of documentsOf(file)) return new KeptRun(line).about;
  throw new Error("the file is empty");
}

async function* documentsOf(file: string): AsyncGenerator<Json> {
  let number = 0;
  for await (const line of linesOf(file)) {
    number++;
    if (line.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new Error(`line ${number} is no JSON: ${line.slice(0, 60)}`);
    }
    if (typeof value !== "object" || value === null) throw new Error(`line ${number} is no object`);
    if (number > 1 && (value as Json)["format"] === RUN_FORMAT)
      throw new Error(`line ${number} begins a second run: one file, one run`);
    yield value as Json;
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0).finally(() => handle.close());
  const packed = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  const source = createReadStream(file);
  const input = packed ? source.pipe(createGunzip()) : source;
  try {
    yield* createInterface({ input, crlfDelay: Infinity });
  } finally {
    source.destroy();
  }
}
