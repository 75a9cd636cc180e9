import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/engine/errors.ts";
import { percentile } from "../../../src/engine/metrics/percentile.ts";
import type { PercentileMethod } from "../../../src/engine/metrics/types.ts";

const sample = [8, 12, 14, 15, 16, 18, 22, 25, 45, 120];
const methods: PercentileMethod[] = ["linear", "nearest-rank", "hazen", "weibull", "median-unbiased"];

describe("percentile", () => {
  it.each([
    ["nearest-rank", 45],
    ["linear", 52.5],
    ["hazen", 82.5],
    ["median-unbiased", 92.5],
    ["weibull", 112.5],
  ] as const)("reads p90 of ten requests as %s gives it: %f", (method, expected) => {
    expect(percentile(sample, 90, method)).toBeCloseTo(expected, 10);
  });

  it("reads p99 of ten requests as 113.25 by linear and as the maximum by nearest rank", () => {
    expect(percentile(sample, 99)).toBeCloseTo(113.25, 10);
    expect(percentile(sample, 99, "nearest-rank")).toBe(120);
  });

  it("takes place 999, not 1,000, for p99.9 of a thousand by nearest rank", () => {
    expect(
      percentile(
        Array.from({ length: 1000 }, (_, i) => i + 1),
        99.9,
        "nearest-rank",
      ),
    ).toBe(999);
  });

  it("leaves the caller's array as it was", () => {
    const values = [3, 1, 2];
    percentile(values, 50);
    expect(values).toEqual([3, 1, 2]);
  });

  it("stays within the sample, grows with q and ignores order, for every method", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.constantFrom(...methods),
        (values, a, b, method) => {
          const [low, high] = [percentile(values, Math.min(a, b), method), percentile(values, Math.max(a, b), method)];
          const slack = 1e-9 * (1 + Math.abs(high));
          expect(low).toBeLessThanOrEqual(high + slack);
          expect(low).toBeGreaterThanOrEqual(Math.min(...values) - slack);
          expect(high).toBeLessThanOrEqual(Math.max(...values) + slack);
          expect(percentile([...values].reverse(), a, method)).toBe(percentile(values, a, method));
        },
      ),
    );
  });

  it("shifts and scales with the sample", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 100 }),
        fc.constantFrom(...methods),
        (values, q, method) => {
          const moved = values.map((v) => 4 * v + 7);
          expect(percentile(moved, q, method)).toBeCloseTo(4 * percentile(values, q, method) + 7, 6);
        },
      ),
    );
  });

  it.each([
    [[], 50, "values"],
    [[1, NaN], 50, "values[1]"],
    [[1, Infinity], 50, "values[1]"],
    [[1], -1, "q"],
    [[1], 101, "q"],
    [[1], NaN, "q"],
  ])("refuses %j at q = %d, naming %s", (values, q, field) => {
    expect(() => percentile(values, q)).toThrow(InputError);
    expect(() => percentile(values, q)).toThrow(field);
  });

  it("refuses an unknown method, naming the known ones", () => {
    expect(() => percentile(sample, 90, "r7" as PercentileMethod)).toThrow(/nearest-rank/);
  });
});
