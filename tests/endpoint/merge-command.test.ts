/** Shards of a real measurement, merged on the command line; starts and shards that can't be meant are refused before anything is sent. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scriptedTransport, virtualClock } from "../engine/benchmark/scripted-world.ts";
import { SketchedRun } from "../../src/engine/metrics/merge/sketched-run.ts";
import { summarize } from "../../src/engine/metrics/summarize.ts";
import { poisson } from "../../src/engine/workload/arrivals.ts";
import { fixed } from "../../src/engine/workload/lengths.ts";
import type { Workload } from "../../src/engine/workload/types.ts";
import { measure } from "../../src/endpoint/measure.ts";
import { mergedNotes } from "../../src/endpoint/report/shard-notes.ts";
import { measureFromNode } from "../../src/endpoint/node/measure-from-node.ts";
import { keptRunParts, readKeptRun } from "../../src/server/commands/kept-run-file.ts";
import { writeRun } from "../../src/server/commands/run-file.ts";
import { checkShardFlags, instant, saltOf, shard } from "../../src/server/commands/shard-options.ts";
import { startSimulatedThread, type SimulatedThread } from "../../src/server/simulated/thread.ts";
import { perflab } from "./cli.ts";

const workload: Workload = { arrivals: poisson(60), prompt: fixed(40), output: fixed(4), requests: 21, seed: 2 };
const startAt = 1_800_000_000;
let endpoint: SimulatedThread;
let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "perflab-merge-"));
  endpoint = await startSimulatedThread({ fixed: { ttft: 0.02, itl: 0.002 }, model: "m" });
  const target = { label: "m", baseUrl: `${endpoint.url}/v1`, model: "m" };
  for (const index of [0, 1]) {
    const run = await measureFromNode(target, workload, {
      shard: {
        index,
        of: 2,
        startAt,
        settings: {},
        clock: { source: "the endpoint", offset: index, error: 0.01, probes: 3 },
      },
      salt: saltOf(startAt),
    });
    await writeRun(run, file(`s${index}.jsonl`), "perflab");
  }
});
afterAll(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true });
});

const both = (): string[] => [file("s0.jsonl"), file("s1.jsonl")];

describe("merge", () => {
  test("pools all requests, says so, and keeps a run that report and compare read", async () => {
    const { code, out } = await perflab(["merge", ...both(), "--save-result", file("m.jsonl"), "--json"]);
    expect(code).toBe(0);
    const report = JSON.parse(out) as { counts: object; notes: string[]; times: { ttft: { p99: number } } };
    expect(report.counts).toMatchObject({ scheduled: 21, succeeded: 21 });
    expect(report.notes).toContain(
      "merged from 2 of 2 shards: the raw records of 21 requests are pooled, and percentiles are of the pool",
    );
    expect(report.notes).toContain("by the endpoint, the clients' clocks were 1000 ± 20 ms apart");
    expect(report.notes.join("\n")).toMatch(/the run took \d+ ms, so the shards did not run at the same time/);
    const again = JSON.parse((await perflab(["report", file("m.jsonl"), "--json"])).out) as typeof report;
    expect(again.times).toEqual(report.times);
    const compared = await perflab(["compare", file("m.jsonl"), file("m.jsonl"), "--json"]);
    expect(compared.code).toBe(0);
    // Each request of the schedule once, in its order.
    const run = await readKeptRun(file("m.jsonl"));
    expect([...run.requests.scheduled]).toEqual([...run.requests.scheduled].sort((a, b) => a - b));
  });

  test("goes through sketches past the limit, and keeps them for report", async () => {
    const args = ["merge", ...both(), "--pool-up-to", "20", "--save-result", file("sketch.json"), "--json"];
    const { code, out } = await perflab(args);
    expect(code).toBe(0);
    expect((JSON.parse(out) as { notes: string[] }).notes[0]).toMatch(/within 0.5 % of the exact/);
    const shown = await perflab(["report", file("sketch.json")]);
    // On a busy machine a short answer can come in one piece, and then has no TTFT.
    expect(shown.out).toMatch(/E2E .*21/);
    expect(shown.err).toMatch(/merged sketches.*DDSketches.*the shards did not run at the same time/);
  });

  test("names a missing, a doubled and a foreign file, and what can't be read; packed files are read", async () => {
    const missing = await perflab(["merge", both()[0]!]);
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining("shard 1/2 is missing")]);
    await writeFile(file("packed.jsonl.gz"), gzipSync(await readFile(both()[0]!)));
    const doubled = await perflab(["merge", ...both(), file("packed.jsonl.gz")]);
    expect(doubled.err).toMatch(/shard 0\/2 is there 2 times: .*s0.jsonl, .*packed.jsonl.gz/);
    await writeFile(file("broken.jsonl"), (await readFile(both()[0]!, "utf8")).slice(0, -30));
    expect((await perflab(["merge", file("broken.jsonl"), both()[1]!])).err).toMatch(
      /broken.jsonl can't be read.*line 12/,
    );
    await writeFile(file("cut.jsonl.gz"), gzipSync(await readFile(both()[0]!)).subarray(0, -40));
    expect((await perflab(["merge", file("cut.jsonl.gz"), both()[1]!])).err).toMatch(/cut.jsonl.gz can't be read/);
    const lines = (await readFile(both()[0]!, "utf8")).trimEnd().split("\n");
    await writeFile(file("short.jsonl"), `${lines.slice(0, -3).join("\n")}\n`);
    for (const limit of ["21", "20"]) {
      const { code, err } = await perflab(["merge", file("short.jsonl"), both()[1]!, "--pool-up-to", limit]);
      expect([code, err], limit).toEqual([2, expect.stringMatching(/short.jsonl/)]);
    }
    const allowed = await perflab(["merge", both()[0]!, "--allow-missing"]);
    expect(allowed.code).toBe(0);
    expect(allowed.out).toMatch(/without 1\/2, so the load was lower than asked for/);
  });
});

test("an interrupted shard, a lost one and the percentiles that were asked for are in the sketches' result too", async () => {
  const lines = (await readFile(both()[0]!, "utf8")).split("\n");
  const head = JSON.parse(lines[0]!) as { run: Record<string, unknown> };
  head.run["ended"] = { reason: "stopped", message: "Stopped by a signal." };
  await writeFile(file("stopped.jsonl"), [JSON.stringify(head), ...lines.slice(1)].join("\n"));
  const args = ["--allow-missing", "--pool-up-to", "1", "--metric-percentiles", "75,99.9"];
  const { code, out } = await perflab(["merge", file("stopped.jsonl"), ...args, "--json"]);
  const said = JSON.parse(out) as { notes: string[]; metrics: { percentiles: [number, number][] }[] };
  expect(code).toBe(0);
  expect(said.notes.slice(1, 3)).toEqual([
    "Shard 0/2: Stopped by a signal.",
    "without 1/2, so the load was lower than asked for",
  ]);
  expect(said.metrics[0]!.percentiles.map(([q]) => q)).toEqual([75, 99.9]);
  expect((await perflab(["merge", file("stopped.jsonl"), ...args])).out).toMatch(/p75 .*p99\.9 .*max/);
  expect((await perflab(["merge", file("stopped.jsonl"), ...both().slice(1)])).out).toContain("Stopped by a signal.");
});

test("a disk that is full costs the file and not the result, pooled or sketched", async () => {
  for (const limit of ["21", "20"]) {
    const { code, out, err } = await perflab(["merge", ...both(), "--pool-up-to", limit, "--save-result", "/dev/full"]);
    expect([code, out, err]).toEqual([
      1,
      expect.stringContaining("E2E"),
      expect.stringMatching(/not kept in \/dev\/full: .*ENOSPC/),
    ]);
  }
});

test("clocks that are apart by much of the run are said to have made another load of it; a time source's starts are not", () => {
  const shards = (source: string, offset: number) =>
    [0, 1].map((index) => ({
      index,
      requests: 1,
      clientLag: 0,
      clock: { source, offset: index * offset, error: 0.5, probes: 3 },
    }));
  const notes = (source: string, offset: number, duration: number) =>
    mergedNotes({ of: 2, startAt, shards: shards(source, offset), missing: [] }, duration)
      .slice(2)
      .join(" ");
  expect(notes("the endpoint", 3601, 60)).toMatch(/3601000 ± 1000 ms apart.*did not run at the same time/);
  expect(notes("the endpoint", 13, 60)).toMatch(/that is 20 % of the run's 60000 ms/);
  expect(notes("the endpoint", 6, 60)).toBe("by the endpoint, the clients' clocks were 6000 ± 1000 ms apart");
  expect(notes("time.example", 3601, 60)).toMatch(/apart, which their starts made up for$/);
});

test("a kept run is read in parts as well as at once", async () => {
  const whole = await readKeptRun(both()[0]!);
  const [parts, scheduled, asked]: [number[], number[], number[]] = [[], [], []];
  const unpacked = new Set<unknown>();
  const sketched = new SketchedRun();
  for await (const part of keptRunParts(both()[0]!, 4)) {
    parts.push(part.requests.count);
    scheduled.push(...part.requests.scheduled);
    asked.push(...part.measurement!.rows!);
    unpacked.add(part.measurement!.rows!.buffer);
    sketched.add(part);
  }
  expect(parts).toEqual([4, 4, 3]);
  // What the head says of all rows is unpacked once, not once a part.
  expect(unpacked.size).toBe(1);
  expect([scheduled, asked]).toEqual([[...whole.requests.scheduled], [...whole.measurement!.rows!]]);
  const { counts, metrics } = sketched.file(whole, { of: 2, startAt, shards: [], missing: [] });
  expect([counts["succeeded"], metrics.itl.n]).toEqual([11, summarize(whole).itl.n]);
});

describe("bench --shard", () => {
  test("without a start is refused before anything is sent", async () => {
    const { code, err } = await perflab([
      "bench",
      "--base-url",
      "http://127.0.0.1:9/v1",
      "--model",
      "m",
      "--shard",
      "0/2",
    ]);
    expect([code, err]).toEqual([2, expect.stringMatching(/--shard needs --start-at/)]);
  });

  test.each([
    [{ startAt: 1000 }, /--start-at passed \d+ s ago/],
    [{ startAt: 32_000_000_000 }, /days from now; seven at most/],
    [{ timeSource: new URL("http://clock") }, /--time-source is for --start-at/],
    [
      { startAt: Date.now() / 1000 + 60, timeSource: new URL("http://clock"), clockProbes: 0 },
      /--clock-probes 0 nobody/,
    ],
  ])("with %j is refused", (flags, message) => {
    expect(() => checkShardFlags({ clockProbes: 1, ...flags })).toThrow(message);
  });

  test.each(["2/2", "0/0", "1", "-1/2", "a/b"])("%s is no shard", (text) => {
    expect(() => shard(text)).toThrow(/counted from 0|Write 0\/4/);
  });

  test("an instant without a zone, which two machines may read differently, is refused", () => {
    expect(() => instant("2026-11-28T09:30:00")).toThrow(/a date with its zone/);
  });

  test("reads shards and instants as people write them", () => {
    expect(shard("3/8")).toEqual({ index: 3, of: 8 });
    expect([instant("1800000000"), instant("2027-01-15T08:00:00Z"), instant("2027-01-15T09:00:00+01:00")]).toEqual([
      startAt,
      startAt,
      startAt,
    ]);
    expect(saltOf(startAt)).not.toBe(saltOf(startAt + 60));
  });
});

test("a client whose warm-up ends after the agreed start measures nothing and says so", async () => {
  const clock = virtualClock();
  const carrier = {
    transport: scriptedTransport(clock, () => ({ ttft: 0.1, itl: 0.01 })),
    clock,
    versions: {},
    wall: () => startAt + clock.now() - 100,
  };
  const target = { label: "m", baseUrl: "http://x/v1", model: "m" };
  const late = measure(carrier, target, workload, { startAt: startAt - 1, warmup: 0 });
  await expect(late).rejects.toThrow(/passed 1.0 s before the warm-up was done, so nothing was measured/);
});
