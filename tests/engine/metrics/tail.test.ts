import { describe, expect, it } from "vitest";
import { correctOmission } from "../../../src/engine/metrics/correct-omission.ts";
import { percentile } from "../../../src/engine/metrics/percentile.ts";
import { speculation } from "../../../src/engine/metrics/speculation.ts";
import { tail } from "../../../src/engine/metrics/tail.ts";
import { createRandom } from "../../../src/engine/random.ts";

describe("fan-out", () => {
  it.each([
    [5, 0.049],
    [20, 0.182],
    [69, 0.5],
    [100, 0.634],
    [200, 0.866],
  ])("over %d calls meets a 1 %% tail with probability %f", (n, expected) => {
    expect(tail.fanout(0.01, n)).toBeCloseTo(expected, 3);
  });
  it("of 2,000 calls with one slow in 10,000 is almost one in five", () => {
    expect(tail.fanout(0.0001, 2000)).toBeCloseTo(0.181, 3);
  });
  it("refuses impossible input by name", () => {
    expect(() => tail.fanout(1.1, 2)).toThrow("slow");
    expect(() => tail.fanout(0.1, 1.5)).toThrow("n is 1.5");
  });
});

describe("hedging", () => {
  const random = createRandom(3, "latencies");
  // 2 % of requests take ten times as long.
  const latencies = Float64Array.from(
    { length: 50_000 },
    () => (random.uniform() < 0.02 ? 2 : 0.2) + 0.02 * random.uniform(),
  );

  it("at p98 cuts p99 to about trigger + a usual reply, for 2 % extra requests", () => {
    const trigger = percentile(latencies, 97);
    const hedged = tail.hedge(latencies, trigger, 1);
    expect(percentile(latencies, 99)).toBeGreaterThan(2);
    expect(percentile(hedged, 99)).toBeLessThan(0.5);
  });
  it("never makes a request slower, and leaves those below the trigger alone", () => {
    const hedged = tail.hedge(latencies, 0.21, 1);
    hedged.forEach((after, i) => {
      if (after > latencies[i] || (latencies[i] <= 0.21 && after !== latencies[i])) throw new Error(`request ${i}`);
    });
  });
  it("gives the same bits for the same seed, and others for another", () => {
    expect(tail.hedge(latencies, 0.21, 5)).toEqual(tail.hedge(latencies, 0.21, 5));
    expect(tail.hedge(latencies, 0.21, 5)).not.toEqual(tail.hedge(latencies, 0.21, 6));
  });
});

describe("correctOmission", () => {
  it("reproduces HdrHistogram's example: 10,000 × 1 ms and one pause of 100 s, expected every 10 ms", () => {
    const raw = new Float64Array(10_001).fill(0.001);
    raw[10_000] = 100;
    const corrected = correctOmission(raw, 0.01);
    expect(corrected.length).toBe(20_000);
    expect(corrected.reduce((a, b) => a + b) / corrected.length).toBeCloseTo(25, 1);
    expect(percentile(corrected, 75)).toBeCloseTo(50, 0);
    expect(percentile(corrected, 99)).toBeCloseTo(98, 1);
  });
  it("changes nothing where nobody waited longer than the interval", () => {
    expect(Array.from(correctOmission([0.3, 0.1, 0.2], 0.4))).toEqual([0.1, 0.2, 0.3]);
  });
  it("refuses an interval of 0", () => {
    expect(() => correctOmission([1], 0)).toThrow("expectedInterval");
  });
});

describe("speculation", () => {
  it("expects (1 − aⁿ⁺¹) ÷ (1 − a) tokens a step", () => {
    expect(speculation.expectedTokens(0.8, 4)).toBeCloseTo((1 - 0.8 ** 5) / 0.2, 12);
    expect(speculation.expectedTokens(0, 4)).toBe(1);
    expect(speculation.expectedTokens(1, 4)).toBe(5);
  });
  it("pays for its drafts", () => {
    expect(speculation.speedup(0.8, 4, 0.05)).toBeCloseTo(3.3616 / 1.2, 4);
    expect(speculation.speedup(0.1, 5, 0.2)).toBeLessThan(1);
  });
  it("refuses impossible input by name", () => {
    expect(() => speculation.expectedTokens(1.2, 3)).toThrow("acceptance");
    expect(() => speculation.expectedTokens(0.5, 2.5)).toThrow("draft");
    expect(() => speculation.speedup(0.5, 2, -1)).toThrow("draftCost");
  });
});
