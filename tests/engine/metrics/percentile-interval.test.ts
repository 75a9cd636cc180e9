import { describe, expect, it } from "vitest";
import { percentileInterval, percentileRanks } from "../../../src/engine/metrics/percentile-interval.ts";
import { createRandom } from "../../../src/engine/random.ts";

describe("percentileRanks", () => {
  it.each([
    [1000, 99, 983, 997],
    [10_000, 99, 9880, 9920],
  ])("encloses p%2$d of %1$d samples by two of its values", (n, q, low, high) => {
    expect(percentileRanks(n, q)).toEqual([low, high]);
  });

  it("has no two-sided 95 % interval of p99 under 368 samples", () => {
    expect(percentileRanks(367, 99)).toBeNull();
    expect(percentileRanks(368, 99)?.[1]).toBe(368);
    expect(percentileRanks(0, 50)).toBeNull();
  });

  it("needs six samples for a median", () => {
    expect(percentileRanks(5, 50)).toBeNull();
    expect(percentileRanks(6, 50)).toEqual([1, 6]);
  });

  it("mirrors: the p1 interval is the p99 interval counted from the other end", () => {
    for (const n of [400, 1000, 5000]) {
      const [low, high] = percentileRanks(n, 99)!;
      expect(percentileRanks(n, 1)).toEqual([n + 1 - high, n + 1 - low]);
    }
  });

  it("works at a million samples, where powers would underflow", () => {
    const [low, high] = percentileRanks(1_000_000, 99.9)!;
    // Normal approximation: n·p ± 1.96·√(n·p·(1−p)).
    expect(Math.abs(low - (999_000 - 62))).toBeLessThan(4);
    expect(Math.abs(high - (999_000 + 62))).toBeLessThan(4);
  });

  it("covers the true percentile in about 95 of 100 samples", () => {
    const random = createRandom(1, "coverage");
    let covered = 0;
    const trials = 2000;
    for (let trial = 0; trial < trials; trial++) {
      const values = Float64Array.from({ length: 200 }, () => random.uniform());
      const [low, high] = percentileInterval(values, 90)!;
      if (low <= 0.9 && 0.9 <= high) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.94);
    expect(covered / trials).toBeLessThan(0.99);
  });

  it.each([
    [-1, 50, 0.95, "n"],
    [1.5, 50, 0.95, "n"],
    [10, 101, 0.95, "q"],
    [10, 50, 1, "confidence"],
  ])("refuses n = %d, q = %d, confidence = %d, naming %s", (n, q, confidence, field) => {
    expect(() => percentileRanks(n, q, confidence)).toThrow(field);
  });
});
