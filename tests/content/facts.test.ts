/** What lesson 1 prints out of the engine, against the course's fact base: the expression as it stands in the text, and the fact. */
import { describe, expect, test } from "vitest";
import * as format from "../../src/components/format.ts";
import * as one from "../../src/components/figures/lesson-one.ts";
import { readNumber } from "../../src/components/quiz/read-number.ts";
import { lessonTexts } from "./lesson-text.ts";

/** Tolerances are those of the fact base's checks; where none is stated, rounding to three digits. */
const facts: readonly (readonly [expression: string, fact: number, unit: string, tolerance: number])[] = [
  // One step at 512 tokens: 6.46 → 7.88 ms, 155 → 8,127 tok/s.
  ["time(one.step(1, 512))", 6.46, "ms", 0.01],
  ["time(one.step(64, 512))", 7.88, "ms", 0.01],
  ["times(one.throughputRatio(512))", 52, "times", 0.08],
  ["times(one.step(64, 512) / one.step(1, 512))", 1.22, "times", 0.01],
  // At 8,192: 6.8 → 29.4 ms, 14.8 × the tokens.
  ["time(one.step(1, 8192))", 6.8, "ms", 0.01],
  ["time(one.step(64, 8192))", 29.4, "ms", 0.01],
  ["times(one.throughputRatio(8192))", 14.8, "times", 0.08],
  ["times(one.step(64, 8192) / one.step(1, 8192))", 4.3, "times", 0.02],
  // Weights ÷ bandwidth is 4.79 ms; 81 % of the bytes of a step at 8,192 and batch 64 are KV, 78 % of its time.
  ["time(one.pace().ideal)", 4.79, "ms", 0.005],
  ["percent(one.kvShare(64, 8192))", 81, "%", 0.06],
  // The convention: 4 % at N = 10, 0.3 % at 300.
  ["percent(one.conventionGap(10))", 4.2, "%", 0.05],
  ["percent(one.conventionGap(300))", 0.32, "%", 0.05],
  ["number(one.readingSpeed())", 5.3, "", 0.01],
  ["time(1 / one.readingSpeed())", 189, "ms", 0.01],
  // 512 tokens are read in 15.7 ms, 16k in 596 ms, as long as 92 tokens take to write.
  ["time(one.prefill(512))", 15.7, "ms", 0.01],
  ["time(one.decodeTime(512, 9))", 52, "ms", 0.01],
  ["time(one.prefill(16000))", 596, "ms", 0.01],
  ["number(one.prefill(16000) / one.step(1, 512))", 92, "", 0.01],
  // The sweep: 64 users 4,189 tok/s at 1.92 s. Ours starts all users at once, as the fact base's does, and ends with them.
  ["number(one.load(64).throughput)", 4189, "", 0.04],
  ["time(one.load(64).e2e)", 1.92, "s", 0.04],
  // Bills.
  ['one.bill("after").text', 0.00076, "USD", 0.001],
  ['one.bill("cached").text', 0.00049, "USD", 0.001],
  ['one.bill("before").text', 0.0038, "USD", 0.001],
  ['percent(one.bill("after").outputTokenShare)', 13, "%", 0.01],
  ['percent(one.bill("after").outputCostShare)', 47, "%", 0.01],
  // The steady server.
  ["time(one.tail().mean)", 5.8, "s", 0.02],
  ["time(one.tail().p50)", 4.3, "s", 0.02],
  ["time(one.tail().p99)", 25.9, "s", 0.08],
  ["times(one.tail().p99 / one.tail().p50)", 6, "times", 0.08],
];

const lesson = lessonTexts().find(({ id }) => id === "01-introduction")!;
const scope = { ...format, one };
const evaluate = (expression: string): unknown =>
  new Function(...Object.keys(scope), `return (${expression});`)(...Object.values(scope)) as unknown;

describe("lesson 1 against the fact base", () => {
  test.each(facts)("%s is %d %s within %d", (expression, fact, unit, tolerance) => {
    expect(lesson.body.replace(/\s+/g, " "), "the text prints it").toContain(expression);
    const [printed] = readNumber(String(evaluate(expression)), unit);
    expect(
      Math.abs((printed ?? NaN) / fact - 1),
      `${String(evaluate(expression))} against ${fact} ${unit}`,
    ).toBeLessThanOrEqual(tolerance);
  });

  test("every number that the text computes is a number", () => {
    const expressions = [...lesson.body.matchAll(/\{((?:number|count|time|times|percent|usd|one\.)[^{}]*)\}/g)].map(
      ([, text = ""]) => text,
    );
    expect(expressions.length).toBeGreaterThan(40);
    for (const expression of expressions) {
      const value = evaluate(expression.trim());
      if (typeof value === "string" || typeof value === "number")
        expect(String(value), expression).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  test("what the quiz asks of a plot is what the plot shows", () => {
    const { chart } = one.plots["waitByUtilisation"]!();
    const [at80] = chart.kind === "line" ? chart.spec.series[0]!.points.filter(({ x }) => x === 80) : [];
    expect(Math.abs((at80?.y ?? NaN) / 1.6 - 1)).toBeLessThan(0.1);
    const kept = [16, 32, 64].map((users) => one.goodShare(users) >= 0.99);
    expect(kept).toEqual([true, true, false]);
  });

  test("exactly one option of the decision keeps all limits", () => {
    const options = one.decision();
    expect(options.filter(({ keeps }) => keeps).map(({ id }) => id)).toEqual(["h100-2"]);
  });
});
