import { describe, expect, it } from "vitest";
import { InputError } from "../../src/engine/errors.ts";
import { createRandom } from "../../src/engine/random.ts";

function moments(draw: () => number, n = 200_000): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const v = draw();
    sum += v;
    squares += v * v;
  }
  const mean = sum / n;
  return { mean, variance: squares / n - mean * mean };
}

describe("random streams", () => {
  it("give the same bits for the same seed and label", () => {
    const a = createRandom(7, "arrivals");
    const b = createRandom(7, "arrivals");
    const c = createRandom(7, "lengths");
    const first = Array.from({ length: 8 }, () => a.word());
    expect(Array.from({ length: 8 }, () => b.word())).toEqual(first);
    expect(Array.from({ length: 8 }, () => c.word())).not.toEqual(first);
  });
  it("split without disturbing the parent", () => {
    const a = createRandom(1);
    const b = createRandom(1);
    a.split("child").uniform();
    expect(a.uniform()).toBe(b.uniform());
    expect(createRandom(1).split(3).uniform()).toBe(createRandom(1).split(3).uniform());
    expect(createRandom(1).split(3).uniform()).not.toBe(createRandom(1).split(4).uniform());
  });
  it("have the moments of their distributions", () => {
    const r = createRandom(11);
    const uniform = moments(() => r.uniform());
    expect(uniform.mean).toBeCloseTo(0.5, 2);
    expect(uniform.variance).toBeCloseTo(1 / 12, 2);
    const normal = moments(() => r.normal());
    expect(Math.abs(normal.mean)).toBeLessThan(0.01);
    expect(Math.abs(normal.variance - 1)).toBeLessThan(0.02);
    const exponential = moments(() => r.exponential());
    expect(Math.abs(exponential.mean - 1)).toBeLessThan(0.01);
    for (const shape of [0.25, 1, 5]) {
      const gamma = moments(() => r.gamma(shape));
      expect(Math.abs(gamma.mean / shape - 1)).toBeLessThan(0.03);
      expect(Math.abs(gamma.variance / shape - 1)).toBeLessThan(0.06);
    }
  });
  it("refuse a seed that is not a natural number", () => {
    for (const bad of [-1, 1.5, NaN, Infinity]) expect(() => createRandom(bad)).toThrow(InputError);
    expect(() => createRandom(-1)).toThrow(/seed is -1/);
  });
});
