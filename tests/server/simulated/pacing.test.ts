import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { virtualClock } from "../../../src/server/simulated/clock.ts";
import { createPacer } from "../../../src/server/simulated/pacer.ts";
import { fixedPace } from "../../../src/server/simulated/pace/fixed.ts";
import { simulatorPace } from "../../../src/server/simulated/pace/simulator.ts";
import type { Job, Pace } from "../../../src/server/simulated/pace/types.ts";
import { resolveServer } from "../../../src/engine/resolve.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";

const job = (key: number, output: number, promptTokens = 64): Job => ({
  key,
  output,
  promptTokens,
  prompt: [{ id: `p${key}`, tokens: promptTokens }],
  priority: 0,
});

/** Runs arrivals on virtual time and gives every emission. */
function play(
  pace: Pace,
  arrivals: { at: number; job: Job }[],
  o: { timeScale?: number; cancel?: { at: number; key: number } } = {},
) {
  const clock = virtualClock();
  const seen: { key: number; tokens: number; due: number; now: number }[] = [];
  const broken: unknown[] = [];
  const pacer = createPacer(
    pace,
    clock,
    o.timeScale ?? 1,
    (key, tokens, due) => void seen.push({ key, tokens, due, now: clock.now() }),
    (error) => void broken.push(error),
  );
  for (const { at, job } of arrivals) clock.at(at, () => pacer.submit(job));
  if (o.cancel) clock.at(o.cancel.at, () => pacer.cancel(o.cancel!.key));
  clock.run(10_000);
  return { seen, pacer, broken };
}

describe("fixed pace", () => {
  it("gives the first token after ttft and one every itl, each exactly when due", () => {
    const { seen } = play(fixedPace({ ttft: 0.1, itl: 0.02 }), [{ at: 1, job: job(1, 4) }]);
    expect(seen.map((e) => e.due)).toEqual([1.1, 1.12, 1.14, 1.16].map((t) => expect.closeTo(t, 9) as number));
    expect(seen.every((e) => Math.abs(e.now - e.due) < 1e-9)).toBe(true);
  });

  it("keeps every stream's own phase, or one phase for all in lockstep", () => {
    const arrivals = [0, 0.003, 0.011].map((at, key) => ({ at, job: job(key, 5) }));
    const instants = (lockstep: boolean) =>
      new Set(play(fixedPace({ ttft: 0.1, itl: 0.02, lockstep }), arrivals).seen.map((e) => e.due.toFixed(9))).size;
    expect(instants(false)).toBe(15);
    expect(instants(true)).toBeLessThanOrEqual(6);
  });

  it("that throws is told of, and does not throw from a timer", () => {
    const pace: Pace = {
      ...fixedPace({ ttft: 0.1, itl: 0.02 }),
      advance() {
        throw new Error("no such block");
      },
    };
    expect(play(pace, [{ at: 1, job: job(1, 4) }]).broken.map(String)).toEqual(["Error: no such block"]);
  });

  it("loses and adds no token, whatever arrives when", () => {
    const plan = fc.array(fc.tuple(fc.double({ min: 0, max: 5, noNaN: true }), fc.integer({ min: 1, max: 30 })), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(plan, fc.boolean(), (requests, lockstep) => {
        const { seen } = play(
          fixedPace({ ttft: 0.05, itl: 0.01, lockstep }),
          requests.map(([at, output], key) => ({ at, job: job(key, output) })),
        );
        requests.forEach(([, output], key) => {
          const own = seen.filter((e) => e.key === key);
          expect(own).toHaveLength(output);
          expect(own.every((e, i) => i === 0 || e.due > own[i - 1]!.due)).toBe(true);
        });
      }),
      { numRuns: 50 },
    );
  });

  it("is silent after a cancellation", () => {
    const { seen } = play(fixedPace({ ttft: 0.1, itl: 0.1 }), [{ at: 0, job: job(1, 10) }], {
      cancel: { at: 0.35, key: 1 },
    });
    expect(seen).toHaveLength(3);
  });

  it("runs as many times faster as the time scale says", () => {
    const { seen } = play(fixedPace({ ttft: 1, itl: 1 }), [{ at: 0, job: job(1, 3) }], { timeScale: 10 });
    expect(seen.map((e) => e.due)).toEqual([0.1, 0.2, 0.3].map((t) => expect.closeTo(t, 9) as number));
  });
});

describe("simulated pace", () => {
  const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };

  it("releases tokens when simulate() says the engine makes them for a request on its own; its front end is a real one", () => {
    const { seen } = play(simulatorPace(server, 0), [{ at: 0, job: job(1, 20, 500) }]);
    const run = simulate(server, {
      arrivals: { kind: "burst" },
      prompt: { kind: "fixed", value: 500 },
      output: { kind: "fixed", value: 20 },
      requests: 1,
    });
    const { ingress } = resolveServer(server);
    expect(ingress).toBeGreaterThan(0);
    expect(seen[0]!.due).toBeCloseTo(run.requests.first[0]! - ingress, 6);
    expect(seen.at(-1)!.due).toBeCloseTo(run.requests.last[0]! - ingress, 6);
  });

  it("releases a batch together, as a step does", () => {
    const { seen } = play(
      simulatorPace(server, 0),
      Array.from({ length: 8 }, (_, key) => ({ at: 0, job: job(key, 30) })),
    );
    const instants = new Set(seen.map((e) => e.due));
    expect(seen.length).toBe(8 * 30);
    expect(instants.size).toBeLessThan(40);
  });

  it("is idle again when everybody has been served or has left", () => {
    const { pacer, seen } = play(
      simulatorPace(server, 0),
      [
        { at: 0, job: job(1, 1000) },
        { at: 0, job: job(2, 5) },
      ],
      { cancel: { at: 0.2, key: 1 } },
    );
    expect(pacer.state()).toMatchObject({ running: 0, waiting: 0 });
    expect(seen.filter((e) => e.key === 2)).toHaveLength(5);
    expect(seen.filter((e) => e.key === 1).length).toBeLessThan(1000);
  });
});
