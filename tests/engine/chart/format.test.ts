import { describe, expect, it } from "vitest";
import { formatCell, formatNumber, inSentence, listed, withUnit } from "../../../src/engine/chart/format.ts";
import { geometricEdges, linearTicks, logTicks } from "../../../src/engine/chart/ticks.ts";

describe("formatNumber", () => {
  it.each([
    [0, "0"],
    [0.15234, "0.152"],
    [1, "1"],
    [9.996, "10"],
    [1234.5, "1,230"],
    [-1234567, "−1,230,000"],
    [1e-7, "1 × 10⁻⁷"],
    [1.234e18, "1.23 × 10¹⁸"],
    [Infinity, "∞"],
  ])("writes %d as %s", (x, text) => expect(formatNumber(x)).toBe(text));
  it("keeps counts whole in cells", () => {
    expect(formatCell(1234567)).toBe("1,234,567");
    expect(formatCell(-3)).toBe("−3");
    expect(formatCell(12.34567)).toBe("12.35");
  });
});

describe("withUnit", () => {
  it.each([
    [12.345, "ms", "12.3 ms"],
    [0.35, "$/M tokens", "$0.35/M tokens"],
    [-2, "$", "−$2"],
    [3, undefined, "3"],
    [0.0123, "s", "12.3 ms"],
    [4.5e-5, "s", "45 µs"],
    [1.5, "s", "1.5 s"],
    [0, "s", "0 s"],
    [16.06e9, "B", "16.1 GB"],
    [45, "%", "45 %"],
    [1, "tokens", "1 token"],
    [2, "tokens", "2 tokens"],
  ])("%d %s is %s", (x, unit, text) => expect(withUnit(x, unit)).toBe(text));
});

it("lists", () => {
  expect(listed(["a", "b", "c"])).toBe("a, b and c");
  expect(listed(["a"])).toBe("a");
});

describe("ticks", () => {
  it("are round", () => {
    expect(linearTicks(0, 24)).toEqual([0, 5, 10, 15, 20]);
    expect(linearTicks(-0.3, 0.35)).toEqual([-0.2, 0, 0.2]);
    expect(linearTicks(5, 5)).toEqual([5]);
  });
  it("on a log axis are powers of ten, with 2 and 5 where there is room", () => {
    expect(logTicks(1, 256)).toEqual([1, 2, 5, 10, 20, 50, 100, 200]);
    expect(logTicks(0.001, 1e6)).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1000, 10000, 100000, 1000000]);
    expect(logTicks(30, 90).length).toBeGreaterThanOrEqual(3);
  });
  it("geometric edges reach from end to end", () => {
    const edges = geometricEdges(2, 32, 4);
    expect(edges[0]).toBe(2);
    expect(edges[4]).toBe(32);
    expect(edges[2]).toBeCloseTo(8, 9);
  });
});

it.each([
  ["Tokens per second", "tokens per second"],
  ["TTFT", "TTFT"],
  ["KV cache", "KV cache"],
])("within a sentence %s is %s", (label, text) => expect(inSentence(label)).toBe(text));
