/** The load generator's rules, on a clock turned by hand. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LoadOptions } from "../../../src/engine/benchmark/load-options.ts";
import { runLoad } from "../../../src/engine/benchmark/load.ts";
import { planOf } from "../../../src/engine/benchmark/plan.ts";
import { bodyShapes } from "../../../src/engine/benchmark/request-body.ts";
import { statuses, type Run } from "../../../src/engine/run.ts";
import { closed, poisson } from "../../../src/engine/workload/arrivals.ts";
import { fixed } from "../../../src/engine/workload/lengths.ts";
import type { Workload } from "../../../src/engine/workload/types.ts";
import {
  scriptedTransport,
  virtualClock,
  type Script,
  type ScriptedTransport,
  type VirtualClock,
} from "./scripted-world.ts";

const steady: Script = { ttft: 0.1, itl: 0.02 };
const base: LoadOptions = { target: "t", model: "m", shape: bodyShapes("chat", true)[0]!, salt: 1 };

interface World {
  readonly clock: VirtualClock;
  readonly transport: ScriptedTransport;
}

function world(script: (index: number) => Script = () => steady, maxStreams?: number): World {
  const clock = virtualClock();
  return { clock, transport: scriptedTransport(clock, script, maxStreams) };
}

async function load(
  { clock, transport }: World,
  workload: Workload,
  options: Partial<LoadOptions> = {},
  stopAt?: number,
): Promise<Run> {
  const stop = new AbortController();
  const promise = runLoad(transport, clock, stop.signal, workload, planOf(workload), { ...base, ...options });
  if (stopAt !== undefined) {
    clock.run(100 + stopAt);
    stop.abort();
  }
  clock.run();
  return promise;
}

function counted(run: Run): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(statuses.map((name) => [name, 0]));
  for (const status of run.requests.status) counts[statuses[status]!]!++;
  return counts;
}

const small: Workload = { arrivals: poisson(10), prompt: fixed(20), output: fixed(5), requests: 40, seed: 3 };

describe("open loop", () => {
  test("sends on the absolute schedule, however slow the answers", async () => {
    const run = await load(
      world(() => ({ ttft: 30, itl: 1 })),
      small,
    );
    const { scheduled, started } = run.requests;
    for (let i = 0; i < run.requests.count; i++) expect(started[i]! - scheduled[i]!).toBeLessThan(1e-9);
    expect(run.measurement!.peakInFlight).toBeGreaterThan(20);
  });

  test("the same seed gives the same schedule, another seed another", async () => {
    const a = await load(world(), small);
    const b = await load(world(), { ...small, seed: 3 });
    const c = await load(world(), { ...small, seed: 4 });
    expect(a.requests.scheduled).toEqual(b.requests.scheduled);
    expect(a.requests.scheduled).not.toEqual(c.requests.scheduled);
  });

  test("a cap holds requests back, and their wait shows between scheduled and started", async () => {
    const w = world();
    const run = await load(w, { ...small, maxConcurrency: 1 });
    expect(w.transport.peak).toBe(1);
    expect(Math.max(...run.requests.started.map((t, i) => t - run.requests.scheduled[i]!))).toBeGreaterThan(1);
    expect(
      run.origin.kind === "measured" && run.origin.clientLag,
      "waiting behind the cap is not the client's lateness",
    ).toBeLessThan(0.001);
  });

  test("a transport's own limit is a cap too", async () => {
    const w = world(undefined, 6);
    await load(w, { ...small, arrivals: { kind: "burst" } });
    expect(w.transport.peak).toBe(6);
  });
});

describe("closed loop", () => {
  test("keeps exactly as many requests in flight as there are users", async () => {
    const w = world();
    const run = await load(w, { ...small, arrivals: closed(4) });
    expect(w.transport.peak).toBe(4);
    expect(counted(run)["succeeded"]).toBe(40);
  });

  test("a user thinks before asking again", async () => {
    const run = await load(world(), { ...small, requests: 5, arrivals: closed(1, { thinkTime: fixed(2) }) });
    for (let i = 1; i < 5; i++) expect(run.requests.started[i]! - run.requests.closed[i - 1]!).toBeCloseTo(2, 9);
  });

  test("a duration ends it, and only requests that came due are counted", async () => {
    const run = await load(world(), { arrivals: closed(2), prompt: fixed(20), output: fixed(5), duration: 10 });
    expect(counted(run)).toMatchObject({ succeeded: run.requests.count, unsent: 0 });
    expect(run.requests.count).toBeCloseTo(100, -1);
    expect(Math.max(...run.requests.scheduled)).toBeLessThanOrEqual(10);
  });

  test("a request that a late clock sends after the duration is in the run, and each failure is of a request in it", async () => {
    const clock = virtualClock((due) => (due === 110 ? 0.3 : 0));
    const failure = { kind: "reset", message: "gone" } as const;
    const transport = scriptedTransport(clock, (i) => ({
      ...steady,
      ...(i % 2 && { breakAfter: { tokens: 1, failure } }),
    }));
    const workload: Workload = { arrivals: closed(2), prompt: fixed(20), output: fixed(5), duration: 10 };
    const run = await load({ clock, transport }, workload);
    expect(Math.max(...run.requests.started)).toBeGreaterThan(10);
    expect(run.requests.count).toBe(transport.bodies.length);
    const failed = [...run.requests.status].flatMap((status, i) => (statuses[status] === "succeeded" ? [] : [i]));
    expect(run.failures!.map(({ request }) => request).sort((a, b) => a - b)).toEqual(failed);
  });
});

test("a session's later turn carries the real answers of the turns before", async () => {
  const w = world();
  const run = await load(w, { ...small, requests: 3, sessions: { turns: fixed(3) } });
  const last = w.transport.bodies[2]!.messages;
  expect(last.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant", "user"]);
  expect(last[1]!.content).toBe(" t0 t1 t2 t3 t4");
  expect(run.requests.started[1]!).toBeGreaterThanOrEqual(run.requests.closed[0]!);
});

describe("ends early", () => {
  test("stopping keeps what was measured, cancels what is in flight, and leaves the rest unsent", async () => {
    const run = await load(world(), small, {}, 1.5);
    const counts = counted(run);
    expect(run.ended?.reason).toBe("stopped");
    expect(counts["succeeded"]).toBeGreaterThan(0);
    expect(counts["unsent"]).toBeGreaterThan(0);
    expect(counts["succeeded"]! + counts["cancelled"]! + counts["unsent"]!).toBe(40);
  });

  test("a budget of tokens is never exceeded", async () => {
    const run = await load(world(), small, { budget: { tokens: 210 } });
    const { succeeded, unsent } = counted(run);
    expect(run.ended?.reason).toBe("budget");
    expect(succeeded! * 15).toBeLessThanOrEqual(210);
    expect(succeeded! + unsent!).toBe(40);
  });

  test("a budget of requests is spent to the last", async () => {
    expect(counted(await load(world(), small, { budget: { requests: 7 } }))).toMatchObject({
      succeeded: 7,
      unsent: 33,
    });
  });

  test("a target that only fails is given up, and says why", async () => {
    const run = await load(
      world(() => ({ ...steady, status: 500 })),
      { ...small, requests: 200 },
      { maxFailures: 10 },
    );
    expect(run.ended?.reason).toBe("failing");
    expect(counted(run)["unsent"]).toBeGreaterThan(100);
  });
});

describe("time-outs", () => {
  test("no headers, a stall and an endless answer each have their own name", async () => {
    const scripts: Script[] = [
      { ttft: 0, itl: 0, silent: true },
      { ttft: 0.1, itl: 30 },
      { ttft: 0.1, itl: 0.9 },
    ];
    const run = await load(
      world((i) => scripts[i]!),
      { ...small, requests: 3 },
      { timeouts: { headers: 1, stall: 1, total: 3 } },
    );
    expect(run.failures!.map(({ request, kind }) => [request, kind]).sort()).toEqual([
      [0, "timeout-headers"],
      [1, "timeout-stall"],
      [2, "timeout-total"],
    ]);
    expect(run.requests.outputTokens[2], "what came before the time-out is kept: at 0.1, 1, 1.9 and 2.8 s").toBe(4);
  });
});

test("every request ends in exactly one status, whatever breaks, stops or runs out", async () => {
  const behaviour = fc.record({
    ttft: fc.double({ min: 0.001, max: 3, noNaN: true }),
    itl: fc.double({ min: 0.001, max: 0.5, noNaN: true }),
    status: fc.constantFrom(200, 200, 200, 429, 500, 503),
    silent: fc.boolean(),
    breakAt: fc.option(fc.nat(4)),
  });
  const arrivals = fc.constantFrom<Workload["arrivals"]>(poisson(20), { kind: "burst" }, closed(3));
  await fc.assert(
    fc.asyncProperty(
      arrivals,
      fc.array(behaviour, { minLength: 1, maxLength: 8 }),
      fc.option(fc.double({ min: 0, max: 4, noNaN: true })),
      fc.option(fc.integer({ min: 20, max: 400 })),
      fc.option(fc.integer({ min: 1, max: 5 })),
      async (when, behaviours, stopAt, tokens, cap) => {
        const script = (i: number): Script => {
          const { breakAt, ...rest } = behaviours[i % behaviours.length]!;
          return {
            ...rest,
            ...(breakAt !== null && { breakAfter: { tokens: breakAt, failure: { kind: "reset", message: "reset." } } }),
          };
        };
        const workload = { ...small, requests: 25, arrivals: when, ...(cap !== null && { maxConcurrency: cap }) };
        const run = await load(
          world(script),
          workload,
          { timeouts: { headers: 2, stall: 2, total: 5 }, ...(tokens !== null && { budget: { tokens } }) },
          stopAt ?? undefined,
        );
        const counts = counted(run);
        expect(Object.values(counts).reduce((sum, n) => sum + n, 0)).toBe(25);
        expect(run.requests.count).toBe(25);
        const { started, firstEvent, first, last, closed: end, status } = run.requests;
        expect(run.failures!.length).toBe(25 - counts["succeeded"]! - counts["unsent"]!);
        for (let i = 0; i < 25; i++) {
          if (statuses[status[i]!] === "unsent") expect(started[i]).toBeNaN();
          if (statuses[status[i]!] !== "succeeded") continue;
          const order = [started[i]!, firstEvent[i]!, first[i]!, last[i]!, end[i]!];
          expect(order).toEqual([...order].sort((a, b) => a - b));
        }
      },
    ),
    { numRuns: 150 },
  );
});
