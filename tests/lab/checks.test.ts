/** What a failed check says: numbers that can be told apart, and never the author's mistake as the learner's. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CheckFailure, CheckFault, close, exportedFunction, that } from "../../src/lab/checks.ts";

function said(test: () => void): string {
  try {
    test();
  } catch (error) {
    expect(error).toBeInstanceOf(CheckFailure);
    return (error as Error).message;
  }
  throw new Error("the check passed");
}
const why = "Because.";

describe("close prints numbers that can be told apart", () => {
  it.each([
    [131071, 131072, 0, "Seen: 131071. Expected: 131072 (exactly). Because."],
    [73728, 36864, 0, "Seen: 73728. Expected: 36864 (exactly). Because."],
    [4718592, 4718591, 0.5, "Seen: 4718592. Expected: 4718591 (± 0.5). Because."],
    [0.395, 0.42, 0.002, "Seen: 0.395. Expected: 0.42 (± 0.002). Because."],
    [0.1 + 0.2, 0.5, 0.1, "Seen: 0.3. Expected: 0.5 (± 0.1). Because."],
    [1.00001, 1.00002, 1e-6, "Seen: 1.00001. Expected: 1.00002 (± 1e-6). Because."],
    [123456.789, 123456.7, 0.01, "Seen: 123456.789. Expected: 123456.7 (± 0.01). Because."],
    [1e-7, 2e-7, 1e-9, "Seen: 1e-7. Expected: 2e-7 (± 1e-9). Because."],
  ])("%d against %d within %d", (seen, expected, absolute, message) => {
    expect(said(() => close(seen, expected, { absolute, why }))).toBe(message);
  });

  it("never writes two different numbers alike, and what it writes is as exact as the tolerance", () => {
    const number = fc.oneof(
      fc.integer({ min: -1e9, max: 1e9 }),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
    );
    fc.assert(
      fc.property(number, number, fc.constantFrom(0, 1e-9, 1e-3, 0.5, 3), (seen, expected, absolute) => {
        fc.pre(Math.abs(seen - expected) > absolute);
        const message = said(() => close(seen, expected, { absolute, why }));
        const [, a, b] = /^Seen: (\S+)\. Expected: (\S+) \(/.exec(message)!;
        expect(a).not.toBe(b);
        for (const [written, value] of [
          [a, seen],
          [b, expected],
        ] as const) {
          const noise = 1e-15 * Math.abs(value);
          expect(Math.abs(Number(written) - value)).toBeLessThanOrEqual(
            Math.max(absolute, noise, 1e-3 * Math.abs(value)),
          );
          if (Number.isInteger(value)) expect(Number(written) === value).toBe(true);
        }
      }),
    );
  });

  it.each([
    ["5", 'the text "5"'],
    [undefined, "nothing (undefined)"],
    [null, "null"],
    [[1, 2], "a list of 2"],
    [{}, "an object"],
    [5n, "the BigInt 5n"],
    [Promise.resolve(5), "a promise (is an await missing?)"],
    [NaN, "NaN"],
    [Infinity, "Infinity"],
  ])("says what %s is, which is not the number 5", (value, words) => {
    expect(said(() => close(value, 5, { absolute: 0, why }))).toBe(`Seen: ${words}. Expected: 5 (exactly). Because.`);
  });

  it("takes Infinity for Infinity", () => {
    expect(() => close(Infinity, Infinity, { absolute: 0, why })).not.toThrow();
  });
});

describe("an author's mistake is said as such", () => {
  it.each([
    ["NaN as expected", () => close(5, NaN, { absolute: 1, why })],
    ["a text as expected", () => close(5, "5" as unknown as number, { absolute: 1, why })],
    ["no tolerance", () => close(5, 4, { why } as unknown as { absolute: number; why: string })],
    ["a NaN tolerance", () => close(5, 5, { relative: NaN, why })],
    ["a negative tolerance", () => close(5, 5, { absolute: -1, why })],
    ["a relative tolerance of 0", () => close(0.1, 0, { relative: 0.1, why })],
  ])("%s", (_, test) => {
    expect(test).toThrow(CheckFault);
  });
});

describe("float noise stays out of messages", () => {
  it("in what a check writes itself", () => {
    const ttft = 0.39499999999999996;
    const message = said(() =>
      close(1, 2, { absolute: 0, what: `gap(${ttft}, 3.14, 1000000000000001):`, why: `${0.1 + 0.2} s` }),
    );
    expect(message).toBe("Seen: gap(0.395, 3.14, 1000000000000001): 1. Expected: 2 (exactly). 0.3 s");
    expect(said(() => that(false, { seen: `${0.1 + 0.7}`, expected: "1", why }))).toBe(
      "Seen: 0.8. Expected: 1. Because.",
    );
  });

  it("but not where it is the difference", () => {
    expect(said(() => that(false, { seen: `${0.1 + 0.2}`, expected: "0.3", why }))).toBe(
      "Seen: 0.30000000000000004. Expected: 0.3. Because.",
    );
  });
});

it("a missing export is asked for by its signature", () => {
  const lab = { exports: { f: 5 }, runs: [], charts: [], seed: 1, params: {}, measured: false };
  expect(said(() => exportedFunction(lab, "g(a, b)"))).toBe(
    "Seen: main.ts exports nothing named g. Expected: export function g(a, b). The checks call your functions with cases of their own.",
  );
  expect(said(() => exportedFunction(lab, "f()"))).toContain("Seen: f is 5.");
});
