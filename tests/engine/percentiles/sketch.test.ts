/** DDSketch keeps its stated error, and says where it can't keep it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { percentile } from "../../../src/engine/metrics/percentile.ts";
import { Sketch, type SketchJson } from "../../../src/engine/percentiles/sketch.ts";

const runs = process.env["TEST_LONG"] ? 2000 : 100;
/** Rounding at the edge of a bin. */
const ROUNDING = 1e-9;

/** Times from a nanosecond to days, and 0. */
const times = fc.array(
  fc.oneof(
    fc.constant(0),
    fc.double({ min: 1e-9, max: 1e5, noNaN: true }),
    fc.integer({ min: -9, max: 5 }).map((e) => 10 ** e),
  ),
  { minLength: 1, maxLength: 300 },
);
const percents = fc.double({ min: 0, max: 100, noNaN: true }).map((q) => (q > 0 && q < 1 ? 1 : q));

function sketchOf(values: readonly number[], accuracy = 0.005, maxBins?: number): Sketch {
  const sketch = new Sketch(accuracy, maxBins);
  for (const value of values) sketch.add(value);
  return sketch;
}

describe("a sketch", () => {
  test("is within its stated error at every percentile", () => {
    fc.assert(
      fc.property(times, percents, fc.constantFrom(0.001, 0.005, 0.02), (values, q, accuracy) => {
        const exact = percentile(values, q);
        const sketch = sketchOf(values, accuracy, 100_000);
        expect(Math.abs(sketch.p(q) - exact)).toBeLessThanOrEqual(exact * accuracy * (1 + ROUNDING) + 1e-9);
      }),
      { numRuns: runs },
    );
  });

  test("has the exact count, mean, smallest and largest", () => {
    fc.assert(
      fc.property(times, (values) => {
        const sketch = sketchOf(values);
        expect([sketch.n, sketch.min, sketch.max]).toEqual([values.length, Math.min(...values), Math.max(...values)]);
        expect(sketch.mean).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 6);
      }),
      { numRuns: runs },
    );
  });

  test("comes back from JSON as it was", () => {
    fc.assert(
      fc.property(times, percents, (values, q) => {
        const sketch = sketchOf(values);
        const again = Sketch.from(JSON.parse(JSON.stringify(sketch)) as SketchJson);
        expect(again.toJSON()).toEqual(sketch.toJSON());
        expect(again.p(q)).toBe(sketch.p(q));
      }),
      { numRuns: runs },
    );
  });

  test("past its bins puts the lowest together, keeps the error above, and says from where", () => {
    fc.assert(
      fc.property(times, percents, (values, q) => {
        const sketch = sketchOf(values, 0.005, 16);
        expect(sketch.toJSON().bins.length).toBeLessThanOrEqual(16);
        const exact = percentile(values, q);
        // A rank further, since a percentile may lie between the last of the lowest and the next.
        if (((values.length - 1) * q) / 100 < (values.length * sketch.boundFrom) / 100) return;
        expect(Math.abs(sketch.p(q) - exact)).toBeLessThanOrEqual(exact * 0.005 * (1 + ROUNDING) + 1e-9);
      }),
      { numRuns: runs },
    );
    const wide = sketchOf(
      Array.from({ length: 100 }, (_, i) => 2 ** i),
      0.005,
      16,
    );
    expect(wide.boundFrom).toBe(85);
  });

  test("refuses what it can't hold", () => {
    const sketch = new Sketch();
    expect(() => sketch.add(NaN)).toThrow(/value is NaN/);
    expect(() => sketch.add(-1)).toThrow(/0 or more/);
    expect(() => new Sketch(0)).toThrow(/between 0 and 1/);
    expect(() => Sketch.from({ ...sketchOf([1, 2]).toJSON(), n: 3 })).toThrow(/n is 3; it must be 2/);
    expect(sketch.p(50)).toBeNaN();
  });
});
