/** Merging shards: percentiles of the pool are those of one run, sketches are within their error, and what does not belong is named. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readResults, toJsonl } from "../../../src/engine/metrics/interchange/index.ts";
import { examineShards } from "../../../src/engine/metrics/merge/examine.ts";
import { mergeRuns, type NamedRun } from "../../../src/engine/metrics/merge/merge-runs.ts";
import { SketchedRun } from "../../../src/engine/metrics/merge/sketched-run.ts";
import { summarize } from "../../../src/engine/metrics/summarize.ts";
import { readInput } from "../../../src/engine/percentiles/read-input.ts";
import type { Run, ShardFacts } from "../../../src/engine/run.ts";
import { anyRun } from "./interchange/arbitrary-run.ts";
import { makeRun } from "./runs.ts";

const metrics = ["ttft", "tpot", "itl", "icl", "e2e"] as const;

/** The given rows of a run, as one client of several would have kept them. */
function part(
  run: Run,
  rows: readonly number[],
  shard: Pick<ShardFacts, "index" | "of">,
  more: Partial<Run> = {},
): Run {
  const place = new Map(rows.map((row, i) => [row, i]));
  const pick = <T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(column: T): T =>
    (column.constructor as unknown as { from(values: number[]): T }).from(rows.map((row) => column[row]!));
  const columns = Object.fromEntries(
    Object.entries(run.requests)
      .filter(([, column]) => typeof column === "object")
      .map(([name, column]) => [name, pick(column as Float64Array)]),
  );
  const kept = run.chunks ? [...run.chunks.t.keys()].filter((k) => place.has(run.chunks!.request[k]!)) : [];
  const chunks = run.chunks && {
    t: Float64Array.from(kept, (k) => run.chunks!.t[k]!),
    request: Uint32Array.from(kept, (k) => place.get(run.chunks!.request[k]!)!),
    tokens: Uint16Array.from(kept, (k) => run.chunks!.tokens[k]!),
    kind: Uint16Array.from(kept, (k) => run.chunks!.kind[k]!),
  };
  return {
    ...run,
    requests: { ...(columns as unknown as Run["requests"]), count: rows.length },
    ...(chunks && { chunks }),
    failures: [],
    measurement: {
      askedPromptTokens: new Uint32Array(rows.length),
      askedOutputTokens: new Uint32Array(rows.length),
      zero: 0,
      streamed: true,
      salt: 7,
      warmup: 4,
      dispatchLag: 0.001,
      heartbeatLag: 0.001 * (1 + shard.index),
      bytes: 10,
      peakInFlight: 1,
      rows: Uint32Array.from(rows),
      shard: { ...shard, requests: run.requests.count, startAt: 1_800_000_000, settings: {} },
    },
    ...more,
  };
}

/** Deals a run out by a list of who has which row. */
function split(run: Run, owners: readonly number[], of: number): NamedRun[] {
  return Array.from({ length: of }, (_, index) => {
    const rows = Array.from({ length: run.requests.count }, (_, i) => i).filter(
      (i) => owners[i % owners.length]! % of === index,
    );
    return { name: `shard-${index}.jsonl`, run: part(run, rows, { index, of }) };
  });
}

const owners = fc.array(fc.nat(3), { minLength: 1, maxLength: 8 });

describe("pooled records", () => {
  test("have the percentiles, counts and rates of the single run, however it was split", () => {
    fc.assert(
      fc.property(anyRun, owners, fc.integer({ min: 1, max: 4 }), (run, who, of) => {
        const merged = mergeRuns([...split(run, who, of)].reverse());
        const [a, b] = [summarize(run), summarize(merged)];
        for (const metric of metrics) {
          expect(b[metric].n).toBe(a[metric].n);
          if (a[metric].n > 0) for (const q of [0, 50, 90, 99, 100]) expect(b[metric].p(q)).toBe(a[metric].p(q));
        }
        expect([b.succeeded, b.failed, b.cancelled, b.unsent]).toEqual([a.succeeded, a.failed, a.cancelled, a.unsent]);
        expect([b.duration, b.outputTokensPerSecond]).toEqual([a.duration, a.outputTokensPerSecond]);
        expect(merged.requests.started).toEqual(run.requests.started);
        expect(readInput(toJsonl(merged)).results[0]!.table!.rows).toBe(run.requests.count);
      }),
      { numRuns: 100 },
    );
  });

  test("carry the worst client's lag, all warm-ups, and who brought how many", () => {
    const run = makeRun(
      Array.from({ length: 5 }, () => ({ first: 1, last: 2, output: 3 })),
      0.004,
    );
    const [a, b] = split(run, [0, 1], 2) as [NamedRun, NamedRun];
    const late = { ...b, run: { ...b.run, origin: { ...b.run.origin, clientLag: 0.03 } as Run["origin"] } };
    const merged = mergeRuns([a, late]);
    expect(merged.origin).toMatchObject({ clientLag: 0.03 });
    expect(merged.measurement).toMatchObject({ warmup: 8, bytes: 20, heartbeatLag: 0.002 });
    expect(merged.measurement!.merged!.shards.map(({ requests }) => requests)).toEqual([3, 2]);
    expect(merged.date).toBe("2027-01-15T08:00:00.000Z");
  });

  test("say which shard ended early, and why", () => {
    const run = makeRun(
      Array.from({ length: 4 }, () => ({ first: 1, last: 2, output: 3 })),
      0,
    );
    const [a, b] = split(run, [0, 1], 2) as [NamedRun, NamedRun];
    const ended = { reason: "stopped", message: "By hand." };
    expect(mergeRuns([a, { ...b, run: { ...b.run, ended } }]).ended).toEqual({
      reason: "stopped",
      message: "Shard 1/2: By hand.",
    });
  });
});

describe("sketches of shards", () => {
  test("are within half a percent of the pool's percentiles, however the parts came", () => {
    fc.assert(
      fc.property(anyRun, owners, fc.integer({ min: 1, max: 4 }), (run, who, of) => {
        const shards = split(run, who, of);
        const sketched = new SketchedRun();
        for (const { run: shard } of shards) sketched.add(shard);
        const head = shards[0]!.run;
        const file = sketched.file(head, { of, startAt: 0, shards: [], missing: [] });
        const [result] = readResults(JSON.stringify(file)).results;
        const exact = summarize(run);
        for (const metric of metrics) {
          const stated = result!.stated!.metrics.find(({ name }) => name === metric);
          expect(stated?.n ?? 0).toBe(exact[metric].n);
          for (const [q, value] of stated?.percentiles ?? [])
            expect(Math.abs(value - exact[metric].p(q))).toBeLessThanOrEqual(
              exact[metric].p(q) * 0.005 * (1 + 1e-9) + 1e-9,
            );
        }
        expect(file.outputTokensPerSecond).toBeCloseTo(exact.outputTokensPerSecond, 9);
        expect(result!.missing[0]).toMatch(/DDSketches and are within 0.5 %/);
        expect(readInput(JSON.stringify(file)).results[0]!.stated).toEqual(result!.stated);
      }),
      { numRuns: 60 },
    );
  });

  test("that were damaged are refused with the field", () => {
    const file = new SketchedRun().file(makeRun([], 0), { of: 1, startAt: 0, shards: [], missing: [] });
    const damaged = { ...file, metrics: { ...file.metrics, ttft: { ...file.metrics.ttft, n: 4 } } };
    expect(() => readResults(JSON.stringify(damaged))).toThrow(/perflab's merged sketches, but n is 4; it must be 0/);
    expect(() => readResults(JSON.stringify({ ...file, version: 9 }))).toThrow(/version is 9/);
  });
});

describe("files that are not the shards of one run", () => {
  const run = makeRun(
    Array.from({ length: 6 }, () => ({ first: 1, last: 2, output: 3 })),
    0,
  );
  const [a, b, c] = split(run, [0, 1, 2], 3) as [NamedRun, NamedRun, NamedRun];
  const facts = b.run.measurement!;
  const changed = (more: Partial<Run>): NamedRun => ({ name: "other.jsonl", run: { ...b.run, ...more } });

  test("a missing one is named, and may be allowed", () => {
    expect(() => mergeRuns([a, c])).toThrow(/^shard 1\/3 is missing, so a part of the schedule is$/);
    expect(examineShards([a, c])).toMatchObject({ wrong: [], missing: [1], of: 3 });
    const merged = mergeRuns([a, c], { allowMissing: true });
    expect(merged.ended).toEqual({
      reason: "shards-missing",
      message: "Merged without all: shard 1/3 is missing, so a part of the schedule is.",
    });
    expect(merged.requests.count).toBe(4);
  });

  test("a doubled one is named", () => {
    expect(examineShards([a, b, c, { ...b, name: "copy.jsonl" }]).wrong).toEqual([
      "shard 1/3 is there 2 times: shard-1.jsonl, copy.jsonl",
    ]);
  });

  test("a foreign one is named", () => {
    expect(examineShards([a, { name: "x.jsonl", run }]).wrong).toEqual([
      "x.jsonl is no shard: it was made without --shard",
    ]);
    expect(examineShards([{ name: "m.jsonl", run: mergeRuns([a, b, c]) }]).wrong[0]).toMatch(/merged already/);
  });

  test.each<[string, Partial<Run>, RegExp]>([
    ["another seed", { workload: { ...b.run.workload, seed: 9 } }, /seed \(9, and not given there\)/],
    [
      "another rate",
      { workload: { ...b.run.workload, arrivals: { kind: "poisson", rate: 5 } } },
      /arrivals \(\{"kind":"poisson","rate":5\}, and \{"kind":"burst"\} there\)/,
    ],
    ["another salt", { measurement: { ...facts, salt: 8 } }, /salt \(8, and 7 there\)/],
    ["whole answers", { measurement: { ...facts, streamed: false } }, /streaming \(false, and true there\)/],
    [
      "another start",
      { measurement: { ...facts, shard: { ...facts.shard!, startAt: 1_800_000_060 } } },
      /--start-at \(2027-01-15T08:01:00.000Z, and 2027-01-15T08:00:00.000Z there\)/,
    ],
    ["another count", { measurement: { ...facts, shard: { ...facts.shard!, of: 4 } } }, /shards \(4, and 3 there\)/],
    [
      "another body",
      { measurement: { ...facts, shard: { ...facts.shard!, settings: { "--extra-body": "abc" } } } },
      /--extra-body \(abc, and not given there\)/,
    ],
    ["another model", { origin: { ...b.run.origin, model: "other" } as Run["origin"] }, /model \(other, and m there\)/],
  ])("%s is refused in words", (_name, more, message) => {
    const { wrong } = examineShards([a, changed(more), c]);
    expect(wrong[0]).toMatch(/^other.jsonl is of another run than shard-0.jsonl: /);
    expect(wrong[0]).toMatch(message);
  });

  test("shards that hold the same requests are refused", () => {
    const same = { name: "x.jsonl", run: { ...b.run, measurement: { ...facts, rows: Uint32Array.of(0, 3) } } };
    expect(examineShards([a, same, c]).wrong).toEqual(["shard-0.jsonl and x.jsonl hold 2 of the same requests"]);
  });

  test("what no shard of the schedule can hold or say is refused", () => {
    const holding = (rows: Uint32Array) => changed({ measurement: { ...facts, rows } });
    const beyond = facts.shard!.requests;
    expect(examineShards([a, holding(Uint32Array.of(1, beyond)), c]).wrong).toEqual([
      `other.jsonl holds request ${beyond} of a schedule of ${beyond}`,
    ]);
    expect(() => mergeRuns([a, holding(facts.rows!.slice(1)), c])).toThrow(/the rows of other.jsonl is/);
    const saying = (shard: Partial<ShardFacts>) =>
      changed({ measurement: { ...facts, shard: { ...facts.shard!, ...shard } } });
    expect(examineShards([a, saying({ index: 3 }), c]).wrong[0]).toMatch(
      /^other.jsonl says what no shard can: .*0 to 2/,
    );
    expect(examineShards([a, saying({ of: 1e12 }), c]).wrong[0]).toMatch(/shard.of/);
    expect(examineShards([a, saying({ requests: NaN }), c]).wrong[0]).toMatch(/shard.requests is NaN/);
  });

  test("more requests than a Map holds are examined", () => {
    const requests = 2 ** 24 + 8;
    const half = (index: number): NamedRun => {
      const rows = new Uint32Array(requests / 2);
      for (let i = 0; i < rows.length; i++) rows[i] = 2 * i + index;
      const shard = { ...facts.shard!, index, of: 2, requests };
      return { name: `${index}.jsonl`, run: { ...b.run, measurement: { ...facts, rows, shard } } };
    };
    expect(examineShards([half(0), half(1)])).toEqual({ wrong: [], missing: [], of: 2 });
  });
});
