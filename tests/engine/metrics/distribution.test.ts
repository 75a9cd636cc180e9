import { describe, expect, it } from "vitest";
import { distribution, fromWeighted } from "../../../src/engine/metrics/distribution.ts";
import { fromHistogram } from "../../../src/engine/metrics/histogram-distribution.ts";

describe("distribution", () => {
  it("gives n, mean, extremes and linear percentiles", () => {
    const d = distribution([4, 1, 3, 2]);
    expect([d.n, d.mean, d.min, d.max, d.p(50)]).toEqual([4, 2.5, 1, 4, 2.5]);
    expect(Array.from(d.values!)).toEqual([1, 2, 3, 4]);
  });

  it("has no interval where the sample is too small", () => {
    expect(distribution([1, 2, 3]).interval(99)).toBeNull();
    expect(distribution(Array.from({ length: 1000 }, (_, i) => i + 1)).interval(99)).toEqual([983, 997]);
  });

  it("of nothing has n = 0, serialises as such, and is NaN when read", () => {
    const nothing = distribution([]);
    expect(nothing.n).toBe(0);
    expect(JSON.stringify(nothing)).toBe('{"n":0}');
    expect([nothing.mean, nothing.min, nothing.max, nothing.p(50)]).toEqual([NaN, NaN, NaN, NaN]);
    expect(() => nothing.p(101)).toThrow("q is 101");
    expect(nothing.interval(50)).toBeNull();
  });

  it("refuses NaN", () => {
    expect(() => distribution([1, NaN])).toThrow("values[1] is NaN");
  });
});

describe("a weighted distribution", () => {
  it("reads percentiles as if each value stood there as often as it weighs", () => {
    const d = fromWeighted([0.5, 0.1, 9], [1, 9, 0]);
    expect([d.n, d.min, d.max, d.p(50), d.p(90), d.p(91)]).toEqual([10, 0.1, 0.5, 0.1, 0.1, 0.5]);
    expect(d.mean).toBeCloseTo(0.14, 12);
  });
});

describe("a distribution from a histogram", () => {
  const d = fromHistogram({
    upper: Float64Array.of(0.01, 0.02, 0.04),
    count: Float64Array.of(98, 1, 1),
    sum: 1.03,
    max: 0.035,
  });
  it("keeps the mean exact and percentiles within one bin", () => {
    expect(d.n).toBe(100);
    expect(d.mean).toBeCloseTo(0.0103, 12);
    expect([d.p(50), d.p(98), d.p(99), d.p(100)]).toEqual([0.01, 0.01, 0.02, 0.035]);
  });
});
