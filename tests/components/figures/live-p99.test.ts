import { expect, test } from "vitest";
import { averaging, fanOut, hedging } from "../../../src/components/figures/live-p99.ts";
import { startOf, type LiveFigure } from "../../../src/components/figures/live.ts";

const figures: Record<string, LiveFigure> = { fanOut, hedging, averaging };

/** A reading as a number in its own unit. */
function read(figure: LiveFigure, values: Record<string, number>, name: string): number {
  const [, text = ""] = figure.at(values).readings.find(([label]) => label === name) ?? [];
  const value = Number(/[\d.,]+/.exec(text)?.[0].replaceAll(",", ""));
  return text.endsWith("ms") ? value / 1000 : value;
}

test.each(Object.entries(figures))("%s can be drawn and says something wherever its knobs stand", (_, figure) => {
  for (const knob of figure.knobs)
    for (const stop of knob.stops) {
      const { chart, says, readings } = figure.at({ ...startOf(figure), [knob.name]: stop });
      expect(`${says} ${readings.flat().join()}`).not.toMatch(/NaN|undefined|Infinity/);
      expect(chart.finding).toBe(says);
    }
});

test("69 calls that are slow once in a hundred make a slow task as likely as not", () => {
  const slow = (calls: number) => read(fanOut, { calls, slow: 0.01 }, "tasks with a slow call");
  expect(slow(60)).toBeLessThan(50);
  expect(slow(69)).toBeGreaterThanOrEqual(50);
  expect(slow(100)).toBeCloseTo(63, 0);
});

test("a second request helps before p99 and not after it", () => {
  const p99 = (trigger: number) => read(hedging, { trigger, slow: 0.02 }, "p99 after");
  const before = read(hedging, startOf(hedging), "p99 before");
  expect(p99(95)).toBeLessThan(before / 3);
  expect(p99(99)).toBeCloseTo(before, 1);
  expect(read(hedging, startOf(hedging), "more requests")).toBeCloseTo(5, 0);
});

test("the mean of ten p99s stands still while the truth follows who is asked how often", () => {
  const at = (share: number) => ({ factor: 10, share });
  // A tenth of the requests: beyond the p99 of all lies the slowest tenth of the sick server, 0.5 s × exp(σ · 1.2816).
  expect(read(averaging, at(0.1), "all requests") / (0.5 * Math.exp(0.6 * 1.2816))).toBeCloseTo(1, 1);
  expect(read(averaging, at(0.1), "mean of the ten")).toBeCloseTo(0.38, 2);
  expect(read(averaging, at(0.005), "all requests")).toBeLessThan(0.3);
  expect(read(averaging, at(0.5), "all requests")).toBeGreaterThan(1.5);
  const means = averaging.knobs[1]!.stops.map((share) => read(averaging, at(share), "mean of the ten"));
  expect(Math.max(...means) / Math.min(...means)).toBeLessThan(1.35);
});
