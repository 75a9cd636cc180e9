/** Lesson 4's numbers, as the engine works them out, against the fact base (2026-11-24) within its tolerances. */
import { describe, expect, test } from "vitest";
import * as four from "../../../src/components/figures/lesson-four.ts";

/** Within so many per cent. */
function near(actual: number, expected: number, per: number): void {
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThanOrEqual(per / 100);
}

describe("scheduling alone", () => {
  test("is worth 1.3, 1.75, 2.6 and 2.9 times with 32 slots for both", () => {
    [1.3, 1.75, 2.6, 2.9].forEach((times, k) => near(four.factor(four.caps[k]!, 32), times, 12));
  });

  test("and 1.35, 2.2, 4.0 and 4.1 times with 256 slots against 32", () => {
    [1.35, 2.2, 4.0, 4.1].forEach((times, k) => near(four.factor(four.caps[k]!, 256), times, 12));
  });
});

test("a static batch of 8, 32 and 64 uses .370, .248 and .212 of its slots, by count and by formula", () => {
  for (const [batch, counted] of [
    [8, 0.37],
    [32, 0.248],
    [64, 0.212],
  ] as const) {
    near(four.countedUse(batch), counted, 5);
    near(four.slotUse(batch), four.countedUse(batch), 5);
  }
});

test("a prompt of 32,000 tokens freezes readers for 1,447, 121, 32 and 17 ms, and waits 1.44 to 1.65 s itself", () => {
  for (const [name, freeze, ttft] of [
    ["prefill first", 1.447, 1.44],
    ["2,048 a step", 0.121, 1.47],
    ["512 a step", 0.032, 1.54],
    ["256 a step", 0.017, 1.65],
  ] as const) {
    near(four.stall(name).freeze, freeze, 10);
    near(four.stall(name).longTtft, ttft, 10);
  }
  expect(four.stall("512 a step").finished).toBeLessThan(four.stall("prefill first").finished);
});

describe("at 6 requests a second", () => {
  test.each([
    [256, 1.27, 0.013],
    [512, 1.06, 0.024],
    [1024, 0.91, 0.043],
    [1536, 0.87, 0.06],
  ])("a budget of %i gives a TTFT p99 of %f s and an ITL p99 of %f s", (budget, ttft, itl) => {
    near(four.clocks(budget).ttft, ttft, 12);
    near(four.clocks(budget).itl, itl, 12);
  });

  test("prefill first gives an ITL p99 of 263 ms and a longest gap of 1.8 s", () => {
    near(four.clocks("prefill first").itl, 0.263, 12);
    near(four.clocks("prefill first").longest, 1.796, 12);
  });

  test("of the decision's options only 1,024 keeps 1.2 s and 50 ms", () => {
    const keeps = (["prefill first", 8192, 1024, 256] as const).map((budget) => {
      const { ttft, itl } = four.clocks(budget);
      return ttft <= 1.2 && itl <= 0.05;
    });
    expect(keeps).toEqual([false, false, true, false]);
  });
});
