import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { firstDifference, schedule } from "../../../scripts/accuracy/scheduler-case.ts";
import { readCases } from "../../../scripts/accuracy/scheduler.ts";

describe("every step is the real vLLM 0.33 scheduler's", () => {
  const cases = readCases(join(import.meta.dirname, "vllm-cases"));

  it.each(cases)("$name", (given) => {
    const ours = schedule(given);
    const first = firstDifference(given.steps, ours);
    expect({ step: first, ours: first === null ? undefined : ours[first] }).toEqual({ step: null, ours: undefined });
  });

  it("a log that differs in one figure is told from ours", () => {
    const [given] = cases as [(typeof cases)[number]];
    for (const name of ["free", "freeAfter", "tokens", "admitted", "emitted", "finished"] as const) {
      const steps = given.steps.map((step, k) =>
        k === 1 ? { ...step, [name]: Array.isArray(step[name]) ? [[7, 7]] : -1 } : step,
      );
      expect(firstDifference(steps, schedule(given))).toBe(1);
    }
  });

  it("an option that is not replayed is refused by name", () => {
    const [given] = cases as [(typeof cases)[number]];
    const spoilt = (change: object) => () => schedule({ ...given, ...change } as typeof given);
    expect(spoilt({ limits: { ...given.limits, max_loras: 2 } })).toThrow(/max_loras.*watermark/s);
    expect(spoilt({ limits: { ...given.limits, policy: "sjf" } })).toThrow(/policy.*fcfs/s);
    expect(spoilt({ scheduler: "DiffusionScheduler" })).toThrow(/DiffusionScheduler/);
    expect(spoilt({ vllm: "0.7.3" })).toThrow(/version/);
    expect(spoilt({ requests: [{ ...given.requests[0], lora: 1 }] })).toThrow(/lora/);
  });
});
