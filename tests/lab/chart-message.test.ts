import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as describeChart from "../../src/engine/chart/index.ts";
import { chartProblem } from "../../src/lab/chart-message.ts";

const x = { label: "x" };
const y = { label: "y", unit: "s" };
const line = describeChart.line({ title: "T", x, y, series: [{ name: "a", points: [{ x: 1, y: 2 }] }] });
const withSpec = (description: object, change: object) => ({
  ...description,
  spec: { ...(description as { spec: object }).spec, ...change },
});
const sparse: unknown[] = [];
sparse.length = 2 ** 32 - 1;
const deep = Array.from({ length: 5000 }).reduce<unknown>((inner) => [inner], "end");

describe("a chart from a lab", () => {
  it("is taken where the engine described it", () => {
    expect(chartProblem(structuredClone(line))).toBeNull();
    const big = describeChart.line({
      title: "T",
      x,
      y,
      series: [
        { name: "a", points: Array.from({ length: 100_000 }, (_, i) => ({ x: i, y: (i * i) % 97, label: "p" })) },
      ],
    });
    expect(chartProblem(structuredClone(big))).toBeNull();
    const grid = Array.from({ length: 400 }, (_, i) => i);
    const heat = { title: "T", x: { ...x, values: grid }, y: { ...y, values: grid }, z: y };
    expect(chartProblem(describeChart.heatmap({ ...heat, values: new Float64Array(160_000).fill(NaN) }))).toBeNull();
  });

  it.each([
    ["a list that says it has 2³² − 1 items", withSpec(line, { series: sparse }), "too many values"],
    ["a title of 14 MB", { ...line, title: "x".repeat(14e6) }, "too large"],
    ["a title of a page", { ...line, title: "x".repeat(10_000) }, "title"],
    ["nesting", { ...line, table: deep }, "nested"],
    ["a map of a million", withSpec(line, { more: new Map() }), "plain data"],
    ["a kind of its own", { ...line, kind: "constructor" }, "no known kind"],
    ["a hole among its points", withSpec(line, { series: [{ name: "a", points: new Array(3) }] }), "no line"],
    ["a place that is no number", withSpec(line, { series: [{ name: "a", points: [{ x: NaN, y: 1 }] }] }), "no line"],
    [
      "zero on a log axis",
      withSpec(line, { x: { label: "x", scale: "log" }, series: [{ name: "a", points: [{ x: 0, y: 1 }] }] }),
      "no line",
    ],
    [
      "20,000 series",
      withSpec(line, { series: Array.from({ length: 20_000 }, () => ({ name: "a", points: [] })) }),
      "no line",
    ],
    [
      "600,000 rows",
      { ...line, table: { columns: ["a"], rows: Array.from({ length: 600_000 }, () => [1]) } },
      "too many values",
    ],
    [
      "owners that only say how many they are",
      { ...line, kind: "blocks", spec: { columns: 64, owners: { length: 1e12 }, blocksPerCell: 1 } },
      "no blocks",
    ],
    [
      "a heat map longer than its values",
      {
        ...line,
        kind: "heatmap",
        spec: { x: { ...x, values: [1] }, y: { ...y, values: [1] }, z: y, values: { length: 1e9 } },
      },
      "no heatmap",
    ],
    [
      "a phase of no kind",
      {
        ...line,
        kind: "gantt",
        spec: { x, kinds: ["a"], rows: [{ label: "0", spans: [{ from: 0, to: 1, kind: 7 }] }] },
      },
      "no gantt",
    ],
  ])("is refused with %s", (_, value, problem) => {
    expect(chartProblem(value)).toContain(problem);
  });

  it("is taken or refused, and never throws, whatever arrives", () => {
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withSet: true, withTypedArray: true, withSparseArray: true, withBigInt: true }),
        fc.constantFrom("kind", "title", "finding", "table", "spec", "note"),
        (value, field) => {
          chartProblem(value);
          expect(typeof (chartProblem({ ...line, [field]: value }) ?? "")).toBe("string");
          chartProblem(withSpec(line, { series: value }));
          chartProblem(withSpec(line, { series: [value] }));
        },
      ),
    );
  });
});
