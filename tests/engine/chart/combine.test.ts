import { describe, expect, it } from "vitest";
import { overlay, withMark } from "../../../src/engine/chart/combine.ts";
import { bars, ecdf, heatmap, line } from "../../../src/engine/chart/index.ts";

const x = { label: "batch size" };
const y = { label: "TPOT", unit: "s" };
const run = (by: number, series = 1) =>
  line({
    title: "TPOT over batch",
    x,
    y,
    series: Array.from({ length: series }, (_, s) => ({
      name: `${s} tokens`,
      points: [
        { x: 1, y: by },
        { x: 2, y: 2 * by },
      ],
    })),
  });

describe("charts of several runs", () => {
  it("lie over each other, each series under the name of its run, one row a point", () => {
    const both = overlay([
      { name: "before", chart: run(0.01) },
      { name: "after", chart: run(0.02) },
    ]);
    expect(both?.table.columns).toEqual(["series", "batch size", "TPOT (s)"]);
    expect(both?.table.rows).toEqual([
      ["before", 1, 0.01],
      ["before", 2, 0.02],
      ["after", 1, 0.02],
      ["after", 2, 0.04],
    ]);
    const four = overlay([
      { name: "before", chart: run(0.01, 2) },
      { name: "after", chart: run(0.02, 2) },
    ]);
    if (four?.kind !== "line") throw new Error(four?.kind);
    expect(four.spec.series.map((s) => s.name)).toEqual([
      "before · 0 tokens",
      "before · 1 tokens",
      "after · 0 tokens",
      "after · 1 tokens",
    ]);
  });
  it("have their percentiles side by side", () => {
    const sample = (by: number) =>
      ecdf({ title: "T", x: y, samples: [{ name: "requests", values: [by, 2 * by, 3 * by] }] });
    const both = overlay([
      { name: "before", chart: sample(1) },
      { name: "after", chart: sample(2) },
    ]);
    expect(both?.table.columns).toEqual(["percentile of TPOT", "before (s)", "after (s)"]);
    expect(both?.table.rows.find(([name]) => name === "p50")).toEqual(["p50", 2, 4]);
  });
  it("of stacked bars are compared by their totals", () => {
    const stack = (by: number) =>
      bars({
        title: "T",
        y,
        stacked: true,
        categories: ["reader", "writer"],
        series: [
          { name: "prefill", values: [by, 1] },
          { name: "decode", values: [1, by] },
        ],
      });
    const both = overlay([
      { name: "before", chart: stack(1) },
      { name: "after", chart: stack(2) },
    ]);
    expect(both?.table.rows).toEqual([
      ["reader", 2, 3],
      ["writer", 2, 3],
    ]);
  });
  it("are not mixed where axes or kinds differ", () => {
    const grid = heatmap({ title: "T", x: { ...x, values: [1] }, y: { ...y, values: [1] }, z: y, values: [1] });
    const other = line({
      title: "T",
      x,
      y: { label: "TTFT", unit: "s" },
      series: [{ name: "a", points: [{ x: 1, y: 1 }] }],
    });
    const one = { name: "a", chart: run(1) };
    expect(overlay([one, { name: "b", chart: grid }])).toBeNull();
    expect(overlay([one, { name: "b", chart: other }])).toBeNull();
    expect(overlay([{ name: "b", chart: grid }])).toBeNull();
    expect(overlay([])).toBeNull();
  });
});

describe("a value marked in a chart", () => {
  it("is drawn beside what was there, on an axis that has a place for it", () => {
    const marked = withMark(run(1), { y: 1.5, label: "you said 1.5 s" });
    if (marked.kind !== "line") throw new Error(marked.kind);
    expect(marked.spec.marks).toEqual([{ y: 1.5, label: "you said 1.5 s" }]);
    const log = line({ title: "T", x, y: { ...y, scale: "log" }, series: [{ name: "a", points: [{ x: 1, y: 1 }] }] });
    expect(withMark(log, { y: -5, label: "no" })).toBe(log);
    expect(withMark(log, { y: NaN, label: "no" })).toBe(log);
  });
});
