import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Run } from "../../../src/engine/run.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { poisson } from "../../../src/engine/workload/arrivals.ts";
import { script } from "../../../src/engine/workload/expand.ts";
import { fixed, lognormal } from "../../../src/engine/workload/lengths.ts";

const base = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" } as const;

describe("a server that pauses", () => {
  it("emits nothing during a pause, whatever the load, and loses nothing", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 5, noNaN: true }),
        fc.double({ min: 0.05, max: 0.45, noNaN: true }),
        fc.double({ min: 1, max: 30, noNaN: true }),
        fc.nat(1000),
        (every, share, rate, seed) => {
          const length = every * share;
          const run = simulate(
            { ...base, pauses: { every, length } },
            {
              arrivals: poisson(rate),
              prompt: lognormal({ mean: 300, sigma: 0.5 }),
              output: fixed(40),
              requests: 60,
              seed,
            },
            { record: "chunks" },
          );
          const { t } = run.chunks as NonNullable<Run["chunks"]>;
          expect(t.length).toBe(60 * 40);
          for (const at of t) {
            const k = Math.floor(at / every);
            // A step may end in the instant in which a pause begins.
            const inside = at - k * every;
            if (k >= 1) expect(inside < 1e-9 || inside > length - 1e-9).toBe(true);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("makes everyone in the batch wait its whole length, and explains it", () => {
    const users = Array.from({ length: 4 }, () => ({ at: 0, prompt: 100, output: 200 }));
    const free = simulate(base, script(users));
    const paused = simulate({ ...base, pauses: { every: 1, length: 0.5 } }, script(users));
    for (let i = 0; i < 4; i++) {
      // One pause falls within the run: all token times after it move by half a second, those before stay.
      expect(free.requests.last[i]).toBeLessThan(2);
      expect(paused.requests.first[i]).toBe(free.requests.first[i]);
      const later = (paused.requests.last[i] as number) - (free.requests.last[i] as number);
      expect(later).toBeCloseTo(0.5, 9);
      expect(paused.explain?.decodeInterference[i]).toBeCloseTo(0.5, 9);
    }
    expect(paused.itl?.max).toBeGreaterThan(0.5);
  });

  it("one that would hardly run is refused", () => {
    expect(() =>
      simulate({ ...base, pauses: { every: 1, length: 1 } }, script([{ at: 0, prompt: 1, output: 9 }])),
    ).toThrow(/pauses\.length/);
  });

  it("one that arrives during a pause gets no first token before its end", () => {
    const run = simulate({ ...base, pauses: { every: 1, length: 0.5 } }, script([{ at: 1.1, prompt: 10, output: 1 }]));
    const alone = simulate(base, script([{ at: 0, prompt: 10, output: 1 }]));
    expect(run.requests.first[0]).toBeCloseTo(1.5 + (alone.requests.first[0] as number), 9);
  });
});
