import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare } from "../../../src/engine/metrics/compare.ts";
import { createRandom } from "../../../src/engine/random.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import type { Workload } from "../../../src/engine/workload/types.ts";
import { makeRun } from "./runs.ts";

/** n requests, one each 0.1 s, with a lognormal-like TTFT scaled by `scale`. */
function draw(n: number, scale: number, seed: number) {
  const random = createRandom(seed, "ttft");
  return makeRun(
    Array.from({ length: n }, (_, i) => {
      const first = i * 0.1 + scale * (0.2 + 0.1 * random.exponential());
      return { scheduled: i * 0.1, first, last: first + 1, output: 11 };
    }),
  );
}

describe("compare", () => {
  it("finds no change between a run and itself", () => {
    const run = draw(500, 1, 1);
    const { rows, changed } = compare(run, run);
    expect(changed).toEqual([]);
    for (const { delta } of rows) expect(delta.value).toBe(0);
  });

  it("finds a slowdown of 20 % in TTFT and calls TPOT unchanged", () => {
    const { changed, rows } = compare(draw(2000, 1, 1), draw(2000, 1.2, 2));
    expect(changed).toContain("ttft p50");
    expect(changed).toContain("ttft mean");
    expect(changed.join()).not.toContain("tpot");
    const p50 = rows.find((row) => row.metric === "ttft p50")!;
    expect(p50.delta.low).toBeLessThan(0.2 * p50.a);
    expect(p50.delta.high).toBeGreaterThan(0.2 * p50.a);
  });

  it("gives no p99 where samples are too few for an interval", () => {
    const names = compare(draw(300, 1, 1), draw(1000, 1, 2)).rows.map((row) => row.metric);
    expect(names).toContain("ttft p95");
    expect(names).not.toContain("ttft p99");
  });

  it("raises a false alarm on a row in about 5 of 100 pairs of equal runs", () => {
    let alarms = 0;
    for (let seed = 0; seed < 200; seed++)
      if (compare(draw(400, 1, 2 * seed), draw(400, 1, 2 * seed + 1)).changed.includes("ttft p50")) alarms++;
    expect(alarms).toBeLessThanOrEqual(18);
    expect(alarms).toBeGreaterThan(0);
  });

  it("swaps sign with the order of the runs", () => {
    const [a, b] = [draw(500, 1, 1), draw(500, 1.3, 2)];
    const there = compare(a, b).rows;
    const back = compare(b, a).rows;
    there.forEach((row, i) => {
      expect(back[i].delta.value).toBeCloseTo(-row.delta.value, 12);
      expect(back[i].delta.low).toBeCloseTo(-row.delta.high, 12);
    });
  });

  it("compares runs without a single success without inventing rows", () => {
    const nothing = makeRun([{ status: "failed" }]);
    expect(compare(nothing, nothing).rows.map((row) => row.metric)).toEqual(["succeeded", "failed"]);
  });

  it("puts success first, and has a row for each thing that became of requests", () => {
    const some = makeRun([{ first: 1, last: 2, output: 3 }, { status: "failed" }, { status: "cancelled" }]);
    const { rows, outcomes } = compare(draw(40, 1, 1), some);
    expect(rows.slice(0, 3).map(({ metric }) => metric)).toEqual(["succeeded", "failed", "cancelled"]);
    expect(rows[0]).toMatchObject({ a: 1, b: 1 / 3, unit: "share", better: "high" });
    expect(outcomes[1]).toEqual({ scheduled: 3, succeeded: 1, failed: 1, cancelled: 1, unsent: 0 });
  });

  it("says of a missing p99 what it is and what it lacks", () => {
    const { leftOut } = compare(draw(80, 1, 1), draw(400, 1, 2));
    expect(leftOut.find((line) => line.startsWith("ttft p99"))).toMatch(
      /^ttft p99: a [\d.]+ ms of 80, b [\d.]+ ms of 400, an interval needs 368/,
    );
  });

  it("says how loads differ: closed against open, lengths, and number", () => {
    const closed = {
      ...draw(40, 1, 1),
      workload: { ...draw(40, 1, 1).workload, arrivals: { kind: "closed", users: 8 } as const },
    };
    const open = { ...closed, workload: { ...closed.workload, arrivals: { kind: "poisson", rate: 6 } as const } };
    const short = {
      ...closed,
      requests: { ...closed.requests, outputTokens: closed.requests.outputTokens.map(() => 4) },
    };
    expect(compare(closed, closed).loads).toEqual([]);
    expect(compare(closed, open).loads.join()).toMatch(/8 users in turn, b 6 requests\/s \(closed against open/);
    expect(compare(closed, short).loads).toEqual(["answers: a 11 tokens on average, b 4"]);
    expect(compare(closed, draw(60, 1, 2)).loads.join()).toContain("requests: a 40, b 60");
  });

  it("has ITL rows where chunks were kept", () => {
    const chunked = makeRun(
      Array.from({ length: 40 }, (_, i) => ({
        scheduled: i,
        output: 4,
        chunks: [0.1, 0.12, 0.14, 0.16].map((t): [number, number, "content"] => [i + t, 1, "content"]),
      })),
    );
    const itl = compare(chunked, chunked).rows.find(({ metric }) => metric === "itl mean")!;
    expect(itl.a).toBeCloseTo(0.02, 9);
    expect(itl.delta.value).toBe(0);
  });

  it("never has an interval that leaves what is possible, whatever the runs", () => {
    const row = fc.record({
      scheduled: fc.double({ min: 0, max: 5, noNaN: true }),
      took: fc.double({ min: 0, max: 50, noNaN: true }),
      output: fc.integer({ min: 0, max: 400 }),
      status: fc.constantFrom("succeeded" as const, "failed" as const, "unsent" as const, "cancelled" as const),
    });
    const run = fc.array(row, { minLength: 1, maxLength: 30 }).map((rows) =>
      makeRun(
        rows.map(({ scheduled, took, output, status }) => ({
          scheduled,
          status,
          ...(status === "succeeded" ? { first: scheduled + took / 2, last: scheduled + took, output } : {}),
        })),
      ),
    );
    fc.assert(
      fc.property(run, run, (a, b) => {
        for (const row of compare(a, b).rows) {
          expect(row.delta.low).toBeGreaterThanOrEqual(-row.a);
          expect(row.delta.low).toBeLessThanOrEqual(row.delta.value);
          expect(row.delta.high).toBeGreaterThanOrEqual(row.delta.value);
          if (row.unit === "share") expect(row.delta.high).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe("throughput of simulated pairs", () => {
  const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
  const spread = (mean: number) =>
    ({ kind: "clamp", of: { kind: "exponential", mean }, min: 4, max: 10 * mean }) as const;
  const lengths = { prompt: spread(256), output: spread(64) };
  const loads: Record<string, Omit<Workload, "seed">> = {
    "24 requests of 8 users": { ...lengths, arrivals: { kind: "closed", users: 8 }, requests: 24 },
    "80 requests of 8 users": { ...lengths, arrivals: { kind: "closed", users: 8 }, requests: 80 },
    "80 requests at random times": { ...lengths, arrivals: { kind: "poisson", rate: 6 }, requests: 80 },
    "80 requests behind a queue": {
      prompt: spread(2048),
      output: spread(64),
      arrivals: { kind: "poisson", rate: 100 },
      requests: 80,
    },
  };

  it.each(Object.keys(loads))("of the same server under %s differ beyond chance in about 5 of 100", (name) => {
    const alarms = { "output tokens/s": 0, "requests/s": 0 };
    for (let i = 0; i < 100; i++) {
      const [a, b] = [2 * i + 1, 2 * i + 2].map((seed) => simulate(server, { ...loads[name], seed }));
      for (const metric of compare(a, b).changed) if (metric in alarms) alarms[metric as keyof typeof alarms]++;
    }
    // 15 or more of 100 would be rarer than 1 in 5,000 at 5 %; short closed loops come close to 10.
    expect(Math.max(...Object.values(alarms))).toBeLessThanOrEqual(14);
  });

  it("tell 20 from 30 ms between tokens in 80 requests of 8 users, and a run from itself not at all", () => {
    const paced = (itl: number) => {
      const free = new Array<number>(8).fill(0);
      return makeRun(
        Array.from({ length: 80 }, () => {
          const user = free.indexOf(Math.min(...free));
          const scheduled = free[user];
          free[user] += 0.1 + 63 * itl;
          return { scheduled, first: scheduled + 0.1, last: free[user], output: 64 };
        }),
      );
    };
    const { rows } = compare(paced(0.02), paced(0.03));
    const tokens = rows.find(({ metric }) => metric === "output tokens/s")!;
    expect(tokens.delta.value / tokens.a).toBeCloseTo(-0.315, 2);
    expect(tokens.delta.high).toBeLessThan(-0.2 * tokens.a);
    const itself = compare(paced(0.02), paced(0.02)).rows.find(({ metric }) => metric === "output tokens/s")!;
    expect(itself.delta.value).toBe(0);
    expect(itself.delta.high).toBeLessThan(0.1 * itself.a);
  });

  it("are the same each time: the replays are seeded", () => {
    const run = simulate(server, { ...loads["24 requests of 8 users"], seed: 3 });
    expect(compare(run, run)).toEqual(compare(run, run));
  });
});
