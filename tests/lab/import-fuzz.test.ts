/** Files and links that come from elsewhere: each is read as what it says, or refused in words; none ends the script that reads it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { burst, fixed, simulate, summarize } from "../../src/engine/index.ts";
import { toJsonl, toVllm } from "../../src/engine/metrics/interchange/index.ts";
import { readInput } from "../../src/engine/percentiles/read-input.ts";
import { mergeKept, readKeepFile, writeKeepFile, type Kept } from "../../src/lab/keep/keep-file.ts";
import { readRuns, runsToCsv, runsToJson } from "../../src/lab/keep/run-files.ts";
import { fromHash, toHash } from "../../src/lab/share.ts";
import { KeptStorage, type RunRecord } from "../../src/lab/storage.ts";
import { isKeptRun, readKeptRun } from "../../src/server/commands/kept-run-file.ts";
import { readTrace } from "../../src/server/commands/trace-file.ts";

const numRuns = process.env["TEST_LONG"] === undefined ? 80 : 5_000;
const folder = mkdtempSync(join(tmpdir(), "perflab-import-"));
afterAll(() => rmSync(folder, { recursive: true }));

const date = "2026-11-27T10:00:00.000Z";
const run = simulate(
  { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
  { arrivals: burst(), prompt: fixed(20), output: fixed(3), requests: 2 },
  { record: "chunks" },
);
const record: RunRecord = {
  id: `a:${date}`,
  lab: "a",
  name: "n",
  date,
  origin: "simulated",
  target: "t",
  pinned: true,
  summary: { p50: 12.5 },
  code: "export {};",
  seed: 7,
  params: { rtt: 40 },
  runs: 1,
};
const data = { id: record.id, date, runs: [run], charts: [] };
const kept: Kept = {
  progress: [{ id: "lesson:01", state: "read", date }],
  predictions: [{ id: "a", value: 3, date, confidence: 80 }],
  drafts: [{ id: "d", lab: "a", code: "x", date }],
  runs: [record],
  runData: [data],
  settings: [{ id: "theme", value: "dark" }],
};
const link = await toHash({ lab: "a", code: "export {};", params: { rtt: 40 } });

/** A file on disk, for what reads only files. */
const onDisk = (text: string): string => {
  const file = join(folder, "input");
  writeFileSync(file, text);
  return file;
};

/** By what is read: good texts of it, and who reads it. */
const readers: Readonly<Record<string, { readonly good: readonly string[]; read(text: string): unknown }>> = {
  "exported progress": {
    good: [writeKeepFile(kept, date)],
    async read(text) {
      const read = readKeepFile(text);
      const storage = new KeptStorage(null, "refused");
      await mergeKept(storage, read.kept);
      for (const { runs } of await storage.all("runData")) runs.forEach((each) => summarize(each));
    },
  },
  "kept runs and other tools' results": {
    good: [runsToJson([record], [data], date), runsToCsv([record]), JSON.stringify(toVllm(run)), toJsonl(run)],
    read(text) {
      for (const { runs } of readRuns(text, "file", "a", date).data) runs.forEach((each) => summarize(each));
    },
  },
  "numbers to analyse": {
    good: ["latency_ms,user\n1.5,a\n2,b\n", "1\n2\n3.5\n", JSON.stringify(toVllm(run)), '[{"ttft":0.1},{"ttft":0.2}]'],
    read: (text) => readInput(text),
  },
  "a run that perflab kept": {
    good: [toJsonl(run)],
    async read(text) {
      const file = onDisk(text);
      if (await isKeptRun(file)) summarize(await readKeptRun(file));
    },
  },
  "a trace": {
    good: [
      '{"timestamp":0,"input_length":600,"output_length":5,"hash_ids":[1,2]}\n{"timestamp":9,"input_length":5,"output_length":2,"hash_ids":[1]}\n',
      "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n",
      "arrival,prompt,output\n0,10,5\n1.5,20,6\n",
    ],
    read: (text) => readTrace(onDisk(text)),
  },
};

const odd = fc.constantFrom(
  ...'NaN|Infinity|-1|1e999|1e308|-0|null|true|[]|{}|[[]]|""|"x"|"__proto__"|{"$number":"NaN"}|{"$array":"Float64Array","values":["x"]}|9007199254740993|\u0000|\uFEFF|;|=1+1|\n\n'.split(
    "|",
  ),
);
/** Where a text is changed, and how: a value made something else, a stretch cut out, or the end missing. */
const change = fc.oneof(
  fc.record({ kind: fc.constant("value" as const), at: fc.nat(), with: odd }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), length: fc.nat(40) }),
  fc.record({ kind: fc.constant("end" as const), at: fc.nat() }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(text: string, change: Change): string {
  const at = change.at % text.length;
  if (change.kind === "end") return text.slice(0, at);
  if (change.kind === "cut") return text.slice(0, at) + text.slice(at + change.length);
  const places = [...text.matchAll(/-?\d+(\.\d+)?|"[^"]*"|\[[^\][]*\]|[A-Za-z]+/g)];
  const place = places[change.at % places.length];
  if (place === undefined) return text + change.with;
  return text.slice(0, place.index) + change.with + text.slice(place.index + place[0].length);
}

/** Errors that were meant: they name what is wrong. A TypeError or RangeError is one that nobody thought of. */
async function readOrRefused(read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    expect((error as Error).name, String((error as Error).stack)).toMatch(/^(InputError|UsageError|Error)$/);
    expect((error as Error).message.length).toBeGreaterThan(10);
  }
}

test.each(Object.entries(readers))(
  "%s: read, or refused in words, wherever it was changed",
  async (_, { good, read }) => {
    for (const text of good) await read(text);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...good),
        fc.array(change, { minLength: 1, maxLength: 2 }),
        async (text, changes) => {
          const broken = changes.reduce((before, each) => (before === "" ? "" : changed(before, each)), text);
          await readOrRefused(() => read(broken));
        },
      ),
      { numRuns },
    );
  },
);

test("a share link that was changed opens nothing else than what was shared", async () => {
  await fc.assert(
    fc.asyncProperty(change, async (each) => {
      const opened = await fromHash(changed(link, each), "a");
      if (opened.kind === "shared")
        expect(opened.shared).toEqual({ lab: "a", code: "export {};", params: { rtt: 40 } });
    }),
    { numRuns },
  );
});
