/** One schedule on several clients: together they send exactly it, each its share of users, places and time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LoadOptions } from "../../../src/engine/benchmark/load-options.ts";
import { runLoad } from "../../../src/engine/benchmark/load.ts";
import { planOf, planSize, type Plan } from "../../../src/engine/benchmark/plan.ts";
import { bodyShapes } from "../../../src/engine/benchmark/request-body.ts";
import { requestId, warmUpId } from "../../../src/engine/benchmark/request-id.ts";
import { dealt, shardPlan } from "../../../src/engine/benchmark/shard.ts";
import type { Transport } from "../../../src/engine/benchmark/transport.ts";
import { mergeRuns } from "../../../src/engine/metrics/merge/merge-runs.ts";
import { summarize } from "../../../src/engine/metrics/summarize.ts";
import type { Run } from "../../../src/engine/run.ts";
import { burst, closed, constant, gamma, poisson } from "../../../src/engine/workload/arrivals.ts";
import { fixed, uniform } from "../../../src/engine/workload/lengths.ts";
import type { Workload } from "../../../src/engine/workload/types.ts";
import { scriptedTransport, virtualClock } from "./scripted-world.ts";

const workloads: fc.Arbitrary<Workload> = fc
  .record({
    arrivals: fc.oneof(
      fc.constantFrom(burst(), poisson(8), gamma(8, 0.4), constant(5)),
      fc.integer({ min: 5, max: 20 }).map((users) => closed(users)),
    ),
    requests: fc.integer({ min: 20, max: 90 }),
    turns: fc.constantFrom(1, 3),
    maxConcurrency: fc.constantFrom(undefined, 7),
    seed: fc.nat(1000),
  })
  .map(({ arrivals, requests, turns, maxConcurrency, seed }) => ({
    arrivals,
    prompt: uniform(10, 40),
    output: fixed(3),
    requests,
    seed,
    ...(turns > 1 && { sessions: { turns: fixed(turns) } }),
    ...(maxConcurrency !== undefined && { maxConcurrency }),
  }));

const parts = (plan: Plan, of: number): Plan[] =>
  Array.from({ length: of }, (_, index) => shardPlan(plan, { index, of }));

describe("a schedule dealt out", () => {
  test("is, all shards together, the schedule: each request once, when it was due", () => {
    fc.assert(
      fc.property(workloads, fc.integer({ min: 1, max: 5 }), (workload, of) => {
        const plan = planOf(workload);
        const all = parts(plan, of);
        expect(all.flatMap(({ rows }) => [...rows!]).sort((a, b) => a - b)).toEqual(plan.requests.map((_, i) => i));
        const chains = all.flatMap((part) => part.chains);
        expect(new Set(chains)).toEqual(new Set(plan.chains));
        for (const part of all)
          expect([...part.rows!]).toEqual(part.chains.flatMap(({ requests }) => requests).sort((a, b) => a - b));
      }),
      { numRuns: 100 },
    );
  });

  test("gives away every user and every place in flight once, and evenly", () => {
    fc.assert(
      fc.property(workloads, fc.integer({ min: 1, max: 5 }), (workload, of) => {
        const plan = planOf(workload);
        const all = parts(plan, of);
        for (const name of ["users", "maxConcurrency"] as const) {
          const shares = all.map((part) => part[name] ?? 0);
          expect(shares.reduce((a, b) => a + b)).toBe(plan[name] ?? 0);
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        }
        expect(all.reduce((sum, part) => sum + planSize(part).outputTokens, 0)).toBe(planSize(plan).outputTokens);
      }),
      { numRuns: 100 },
    );
  });

  test("of a closed loop gives each shard as many conversations as its users can carry", () => {
    const plan = planOf({ arrivals: closed(3), prompt: fixed(9), output: fixed(2), requests: 90 });
    expect(parts(plan, 2).map(({ users, chains }) => [users, chains.length])).toEqual([
      [2, 60],
      [1, 30],
    ]);
    expect([0, 1, 2].map((index) => dealt(10, { index, of: 3 }))).toEqual([4, 3, 3]);
  });

  test("to more shards than there are users, places or conversations is refused in words", () => {
    const plan = planOf({ arrivals: closed(2), prompt: fixed(9), output: fixed(2), requests: 9 });
    expect(() => shardPlan(plan, { index: 0, of: 3 })).toThrow(/0\/3.*there are users: 2/);
    const capped = planOf({ arrivals: burst(), prompt: fixed(9), output: fixed(2), requests: 9, maxConcurrency: 1 });
    expect(() => shardPlan(capped, { index: 0, of: 2 })).toThrow(/places in flight: 1/);
    expect(() => shardPlan(plan, { index: 2, of: 2 })).toThrow(/counted from 0/);
    expect(() => shardPlan(plan, { index: 0, of: 0 })).toThrow(/shard.of is 0/);
  });
});

/** Answers that take as long as the request's row says, whoever asks. */
function byRow(clock: ReturnType<typeof virtualClock>): Transport {
  let row = 0;
  const scripted = scriptedTransport(clock, () => ({ ttft: 0.05 + 0.003 * (row % 17), itl: 0.01 + 0.001 * (row % 5) }));
  return {
    name: "scripted",
    send(request, sink) {
      row = parseInt(request.id!.slice(-12), 16);
      return scripted.send(request, sink);
    },
  };
}

async function loaded(workload: Workload, shard?: { index: number; of: number }, late = 0): Promise<Run> {
  const clock = virtualClock();
  const whole = planOf(workload);
  const options: LoadOptions = {
    target: "t",
    model: "m",
    shape: bodyShapes("chat", true)[0]!,
    salt: 1,
    zero: 130 + late,
  };
  const promise = runLoad(byRow(clock), clock, undefined, workload, shard ? shardPlan(whole, shard) : whole, options);
  clock.run();
  const run = await promise;
  if (!shard) return run;
  const facts = { ...shard, requests: whole.requests.length, startAt: 1_800_000_000, settings: {} };
  return { ...run, measurement: { ...run.measurement!, shard: facts } };
}

describe("shards that were run and merged", () => {
  // Where each answer takes as long whoever asks, one client and several must agree to the last bit.
  const metrics = ["ttft", "tpot", "itl", "icl", "e2e"] as const;
  test.each([
    ["Poisson arrivals", { arrivals: poisson(9) }],
    ["conversations", { arrivals: poisson(3), sessions: { turns: fixed(3) } }],
    ["all at once", { arrivals: burst() }],
    ["an end by time", { arrivals: poisson(9), duration: 4 }],
  ] satisfies [string, Partial<Workload> & Pick<Workload, "arrivals">][])(
    "have the percentiles of the single run: %s",
    async (_name, given) => {
      const workload: Workload = { prompt: uniform(10, 40), output: fixed(6), requests: 61, seed: 5, ...given };
      const single = summarize(await loaded(workload));
      const of = 3;
      const shards = await Promise.all(
        [2, 0, 1].map(async (index) => ({ name: `s${index}`, run: await loaded(workload, { index, of }) })),
      );
      const pooled = mergeRuns(shards);
      const merged = summarize(pooled);
      for (const metric of metrics) for (const q of [50, 90, 99]) expect(merged[metric].p(q)).toBe(single[metric].p(q));
      expect(merged.requestsPerSecond).toBeCloseTo(single.requestsPerSecond, 9);
      expect(pooled.measurement!.peakInFlight).toBe((await loaded(workload)).measurement!.peakInFlight);
    },
  );

  test("of a closed loop send as much, by as many users", async () => {
    const workload: Workload = { arrivals: closed(5), prompt: fixed(20), output: fixed(4), requests: 60 };
    const run = mergeRuns(
      await Promise.all(
        [0, 1].map(async (index) => ({ name: `s${index}`, run: await loaded(workload, { index, of: 2 }) })),
      ),
    );
    expect(run.requests.count).toBe(60);
    expect(run.measurement!.peakInFlight).toBe(5);
  });

  test("begin at the instant that was agreed, not before", async () => {
    const run = await loaded({ arrivals: poisson(9), prompt: fixed(20), output: fixed(4), requests: 20 }, undefined, 7);
    expect(run.measurement!.zero).toBe(137);
    expect(run.requests.started[0]).toBeCloseTo(run.requests.scheduled[0]!, 9);
  });

  test("never share an id, warm-up included: some servers refuse one that is in flight", () => {
    const ids = [0, 1, 9999].flatMap((index) => [0, 1, 500].map((n) => warmUpId(7, index, n)));
    ids.push(requestId(7, 0), requestId(7, 1));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
