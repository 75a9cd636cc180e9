import { expect, test } from "vitest";
import { simulate } from "../../src/engine/index.ts";
import { mergeKept, readKeepFile, writeKeepFile } from "../../src/lab/keep/keep-file.ts";
import { readRuns, runsToCsv, runsToJson, runToVllm } from "../../src/lab/keep/run-files.ts";
import { KeptStorage, type RunDataRecord, type RunRecord } from "../../src/lab/storage.ts";

const date = "2026-11-27T10:00:00.000Z";
const record: RunRecord = {
  id: `a-lab:${date}`,
  lab: "a-lab",
  name: 'with, "quotes"',
  date,
  origin: "simulated",
  target: "=simulated server",
  pinned: true,
  summary: { medianE2eMs: 12.5 },
  code: "export {};",
  seed: 7,
  params: { rtt: 40, kind: "fp8" },
  runs: 1,
};
const run = simulate(
  { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
  {
    arrivals: { kind: "poisson", rate: 5 },
    prompt: { kind: "fixed", value: 100 },
    output: { kind: "fixed", value: 20 },
    requests: 10,
    seed: 1,
  },
);
const data: RunDataRecord = { id: record.id, date, runs: [run], charts: [] };
const memory = () => new KeptStorage(null, "refused");

test("a kept run goes out as JSON and comes back with every column", () => {
  const read = readRuns(runsToJson([record], [data], date), "x.json", "a-lab", date);
  expect(read.runs).toEqual([record]);
  expect(read.data).toEqual([data]);
});

test("a CSV brings back names, values and numbers, and a spreadsheet sees no formula", () => {
  const csv = runsToCsv([record]);
  expect(csv).toContain("'=simulated server");
  const [read] = readRuns(csv, "x.csv", "a-lab", date).runs;
  expect(read).toMatchObject({
    name: record.name,
    target: record.target,
    seed: 7,
    params: record.params,
    summary: record.summary,
  });
});

test("vLLM's own result file is written and read as a run", () => {
  const read = readRuns(runToVllm(run), "vllm.json", "a-lab", date);
  expect(read.runs).toHaveLength(1);
  expect(read.data[0]?.runs[0]?.requests.count).toBe(10);
});

test("a damaged, a foreign and a newer file are refused, and records that are none are counted", () => {
  expect(() => readKeepFile("{")).toThrow(/damaged/);
  expect(() => readKeepFile('{"a":1}')).toThrow(/another JSON file/);
  const text = writeKeepFile({ runs: [record] }, date);
  expect(() => readKeepFile(text.replace('"version":1', '"version":2'))).toThrow(/newer course/);
  const { kept, left } = readKeepFile(writeKeepFile({ runs: [record, { id: "x" } as RunRecord] }, date));
  expect(kept.runs).toHaveLength(1);
  expect(left.join()).toContain("1 of 2 in kept runs");
});

test("merging keeps a pass, the earlier prediction, both drafts, and says where one gave way", async () => {
  const storage = memory();
  await storage.put("progress", { id: "lab:a", state: "passed", date: "2026-01-01T00:00:00Z" });
  await storage.put("predictions", { id: "a", value: 4, date: "2026-01-02T00:00:00Z" });
  await storage.put("drafts", { id: "a:1:t", lab: "a", code: "mine", date });
  const { said } = await mergeKept(storage, {
    progress: [{ id: "lab:a", state: "started", date: "2026-02-01T00:00:00Z" }],
    predictions: [{ id: "a", value: 9, date: "2026-01-01T00:00:00Z" }],
    drafts: [{ id: "a:1:t", lab: "a", code: "theirs", date }],
    runs: [record],
  });
  expect((await storage.get("progress", "lab:a"))?.state).toBe("passed");
  expect((await storage.get("predictions", "a"))?.value).toBe(9);
  expect((await storage.all("drafts")).map(({ code }) => code).sort()).toEqual(["mine", "theirs"]);
  expect(await storage.all("runs")).toEqual([record]);
  expect(said.join("\n")).toContain("predicted 4 here and 9 in the file");
});

test("what the browser has no room for stays in sight in front of what it kept, and is said", async () => {
  const kept = new Map<string, RunRecord>([[record.id, record]]);
  const refuse = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  const storage = new KeptStorage({
    get: (_store: string, id: string) => Promise.resolve(kept.get(id)),
    getAll: () => Promise.resolve([...kept.values()]),
    getAllKeys: () => Promise.resolve([...kept.keys()]),
    put: refuse,
    delete: refuse,
    clear: refuse,
  } as never);
  const heard: (string | null)[] = [];
  storage.watch((problem) => heard.push(problem));
  await storage.put("runs", { ...record, id: "new" });
  expect((await storage.all("runs")).map(({ id }) => id)).toEqual([record.id, "new"]);
  expect(heard.join()).toContain("full");
  await storage.delete("runs", record.id);
  expect(await storage.keys("runs")).toEqual(["new"]);
});

test("what there was no room for is kept once there is, and that is said", async () => {
  const kept = new Map<string, RunRecord>([[record.id, record]]);
  let room = false;
  const storage = new KeptStorage({
    get: (_store: string, id: string) => Promise.resolve(kept.get(id)),
    getAll: () => Promise.resolve([...kept.values()]),
    getAllKeys: () => Promise.resolve([...kept.keys()]),
    put: (_store: string, one: RunRecord) =>
      room ? Promise.resolve(kept.set(one.id, one)) : Promise.reject(new DOMException("full", "QuotaExceededError")),
    delete: (_store: string, id: string) => ((room = true), Promise.resolve(void kept.delete(id))),
  } as never);
  const heard: (string | null)[] = [];
  storage.watch((problem) => heard.push(problem));
  for (const id of ["new", "newer"]) await storage.put("runs", { ...record, id });
  expect([...kept.keys()]).toEqual([record.id]);
  await storage.delete("runs", record.id);
  expect([...kept.keys()]).toEqual(["new", "newer"]);
  expect(heard).toEqual([expect.stringContaining("full"), null]);
  expect(storage.problem).toBeNull();
});
