/** What a typed number earns. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge, type NumberKey } from "../../../src/components/quiz/judge.ts";
import { readNumber } from "../../../src/components/quiz/read-number.ts";

describe("numbers as people type them", () => {
  test.each([
    ["480", "ms", [480]],
    ["0.48 s", "ms", [480]],
    ["480ms", "s", [0.48]],
    ["1,234", "", [1234, 1.234]],
    ["5,4", "s", [5.4]],
    ["1 234", "tok/s", [1234]],
    ["12 tok/s", "tok/s", [12]],
    ["52×", "times", [52]],
    ["52 x", "times", [52]],
    ["$0.00076", "USD", [0.00076]],
    ["1.5e3", "ms", [1500]],
    [".5", "s", [0.5]],
    ["−3", "", [-3]],
    ["~ 6.5 ms", "ms", [6.5]],
    ["1 GiB", "MiB", [1024]],
    ["seven", "ms", []],
    ["12 bananas", "ms", []],
    ["3 GB", "ms", []],
    ["", "ms", []],
    ["1,2,3", "", []],
  ])("%s in %s", (typed, unit, values) => {
    const read = readNumber(typed, unit);
    expect(read).toHaveLength(values.length);
    values.forEach((value, i) => expect(read[i]).toBeCloseTo(value, 9));
  });

  test("what a page prints in British form is read as it was meant", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (n) => {
        expect(readNumber(n.toLocaleString("en-GB"), "")).toContain(n);
      }),
    ));
});

const key: NumberKey = {
  value: 5.375,
  unit: "s",
  tolerance: 0.001,
  why: "199 decode steps.",
  slips: [
    { value: 5.4, why: "The first token twice." },
    { value: 4.975, why: "No TTFT." },
  ],
};

describe("verdicts", () => {
  test.each([
    ["5.375", "right", "199 decode steps."],
    ["5375 ms", "right", "199 decode steps."],
    ["5,375", "right", "199 decode steps."],
    ["5.40", "slip", "The first token twice."],
    ["4.98", "slip", "No TTFT."],
    ["5375", "wrong", "The digits are right; the unit is not. Off by a factor of 1,000."],
    ["0.005375", "wrong", "The digits are right; the unit is not. Off by a factor of 1,000."],
    ["10.75", "wrong", "Too large by a factor of 2.0."],
    ["1", "wrong", "Too small by a factor of 5.4."],
    ["5.2", "wrong", "Close: a little too small. The answer counts within 0.1 %."],
    ["-5", "wrong", "Not it: the sign, or a zero, is wrong."],
    ["", "unread", "Type a number in s first."],
    ["soon", "unread", "That is not a number I can read in s."],
  ])("%j is %s", (typed, kind, says) => {
    expect(judge(typed, key)).toEqual({ kind, says });
  });

  test("a wrong number never gives the right one away", () =>
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (value) => {
        const { kind, says } = judge(String(value), key);
        if (kind === "wrong") expect(says).not.toContain("5.375");
      }),
    ));
});
