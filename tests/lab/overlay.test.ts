import { expect, test } from "vitest";
import { ecdf, line } from "../../src/engine/chart/index.ts";
import { codeChanges } from "../../src/lab/keep/differences.ts";
import { overlay } from "../../src/lab/keep/overlay.ts";
import { metricLabel } from "../../src/lab/metric-label.ts";

const axes = { x: { label: "load" }, y: { label: "TTFT", unit: "s" } };
const drawn = (run: string, y: number, unit = "s") => ({
  run,
  description: line({
    title: "t",
    ...axes,
    y: { label: "TTFT", unit },
    series: [{ name: "p50", points: [{ x: 1, y }] }],
  }),
  origin: { kind: "simulated", seed: 1 } as const,
});

test("lines of two runs lie in one chart, a series a run, with every point in its table", () => {
  const { overlaid, apart } = overlay([drawn("Run 1", 1), drawn("Run 2", 2)]);
  expect(apart).toEqual([]);
  expect(overlaid[0]?.origin).toEqual({ kind: "simulated", seed: 1 });
  expect(overlaid[0]?.description.table.rows).toEqual([
    ["Run 1", 1, 1],
    ["Run 2", 1, 2],
  ]);
});

test("charts of other units are not laid over one another, and named", () => {
  expect(overlay([drawn("Run 1", 1), drawn("Run 2", 2, "B")])).toEqual({ overlaid: [], apart: ["t"] });
});

test("distributions share their table row by row", () => {
  const of = (run: string, values: number[]) => ({
    run,
    description: ecdf({ title: "d", x: { label: "TTFT", unit: "s" }, samples: [{ name: "all", values }] }),
    origin: { kind: "simulated" } as const,
  });
  const [chart] = overlay([of("A", [1, 2, 3]), of("B", [4, 5, 6])]).overlaid;
  expect(chart?.description.table.columns.slice(1)).toEqual(["A · all (s)", "B · all (s)"]);
  expect(chart?.description.table.rows.find(([key]) => key === "p50")).toEqual(["p50", 2, 5]);
});

test("changed lines come with what stands around them, and equal code with none", () => {
  expect(codeChanges("a\nb\n", "a\nb\n")).toEqual([]);
  expect(codeChanges("1\n2\n3\n4\nx\n", "1\n2\n3\n4\ny\n")).toEqual([
    { sign: " ", text: "3" },
    { sign: " ", text: "4" },
    { sign: "−", text: "x" },
    { sign: "+", text: "y" },
  ]);
});

test("a variable's name reads as words, with its unit", () => {
  expect(metricLabel("medianE2eMs")).toBe("median E2E, ms");
  expect(metricLabel("writerVersusReader")).toBe("writer versus reader");
  expect(metricLabel("TTFT p50, ms")).toBe("TTFT p50, ms");
});
