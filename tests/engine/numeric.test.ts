import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exp, expm1, log, log1p, normalQuantile, pow } from "../../src/engine/numeric.ts";

/** Distance in units of the last place of the expected value. */
function ulps(actual: number, expected: number): number {
  if (actual === expected) return 0;
  const f = new Float64Array([Math.abs(expected)]);
  const i = new BigUint64Array(f.buffer);
  i[0] = (i[0] as bigint) + 1n;
  return Math.abs(actual - expected) / ((f[0] as number) - Math.abs(expected));
}

describe("numeric functions agree with the platform's to a few ulp", () => {
  const x = fc.double({ min: -700, max: 700, noNaN: true });
  const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
  it("exp", () => {
    fc.assert(
      fc.property(x, (v) => {
        expect(ulps(exp(v), Math.exp(v))).toBeLessThanOrEqual(3);
      }),
      { numRuns: 3000 },
    );
  });
  it("log", () => {
    fc.assert(
      fc.property(positive, (v) => {
        expect(ulps(log(v), Math.log(v))).toBeLessThanOrEqual(3);
      }),
      { numRuns: 3000 },
    );
    for (let v = 0.5; v < 2; v += 0.00037) expect(ulps(log(v), Math.log(v))).toBeLessThanOrEqual(3);
  });
  it("log1p and expm1 keep small arguments", () => {
    const small = fc.double({ min: -0.9, max: 3, noNaN: true });
    fc.assert(
      fc.property(small, (v) => {
        expect(ulps(log1p(v), Math.log1p(v))).toBeLessThanOrEqual(6);
        expect(ulps(expm1(v), Math.expm1(v))).toBeLessThanOrEqual(6);
      }),
      { numRuns: 3000 },
    );
    expect(log1p(1e-300)).toBe(1e-300);
    expect(expm1(1e-300)).toBe(1e-300);
  });
  it("pow", () => {
    const base = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    const power = fc.double({ min: -14, max: 14, noNaN: true });
    fc.assert(
      fc.property(base, power, (a, b) => {
        expect(ulps(pow(a, b), Math.pow(a, b))).toBeLessThanOrEqual(5);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("numeric edge cases", () => {
  it("follows IEEE at the ends", () => {
    expect(exp(0)).toBe(1);
    expect(exp(710)).toBe(Infinity);
    expect(exp(-800)).toBe(0);
    expect(exp(-Infinity)).toBe(0);
    expect(exp(NaN)).toBeNaN();
    expect(log(0)).toBe(-Infinity);
    expect(log(-1)).toBeNaN();
    expect(log(Infinity)).toBe(Infinity);
    expect(log(1)).toBe(0);
    expect(pow(0, 0)).toBe(1);
    expect(pow(2, 10)).toBe(1024);
    expect(pow(10, 3)).toBe(1000);
    expect(pow(-2, 3)).toBe(-8);
    expect(pow(-2, 0.5)).toBeNaN();
    expect(pow(0, -1)).toBe(Infinity);
    expect(pow(4, 0.5)).toBe(2);
    expect(ulps(exp(-744.44), Math.exp(-744.44))).toBeLessThanOrEqual(1);
  });
  it("finds the textbook normal quantiles", () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 13);
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.262340089798408, 12);
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1.1)).toBeNaN();
  });
});
