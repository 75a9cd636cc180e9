import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ChartDescription, ChartOrigin } from "../../src/engine/chart/types.ts";
import type { Run } from "../../src/engine/run.ts";
import { chart } from "../../src/lab/charts.ts";
import { chartProblem } from "../../src/lab/chart-message.ts";
import { enterLab, type LabContext } from "../../src/lab/context.ts";
import { limits } from "../../src/lab/protocol.ts";
import { makeRun } from "../engine/metrics/runs.ts";

let sent: { description: ChartDescription; origin: ChartOrigin }[];
let lab: LabContext;

beforeEach(() => {
  sent = [];
  lab = {
    seed: 1,
    params: {},
    parameters: "test",
    measured: false,
    replay: [],
    runs: [],
    charts: [],
    emit: (description: ChartDescription, origin: ChartOrigin) => void sent.push({ description, origin }),
  } as unknown as LabContext;
  enterLab(lab);
  return () => vi.useRealTimers();
});

const x = { label: "x" };
const y = { label: "TTFT", unit: "s" };
const last = () => sent.at(-1)!.description;

describe("numbers that have no place in a chart", () => {
  it("are left out of lines and scatters, and the chart says which", () => {
    const points = [
      { x: 1, y: 2 },
      { x: 2, y: NaN },
      { x: Infinity, y: 3 },
      { x: 4, y: 5 },
    ];
    chart.line({ title: "T", x, y, series: [{ name: "a", points }] });
    expect(last().table.rows).toEqual([
      [1, 2],
      [4, 5],
    ]);
    expect(last().note).toBe(
      "2 of 4 points are left out. The first: series[0].points[1].y is NaN; it must be a finite number.",
    );
  });
  it("are left out of distributions on a log axis", () => {
    chart.ecdf({ title: "T", x: { ...y, scale: "log" }, samples: [{ name: "a", values: [1, -4.146, 0, 2] }] });
    expect(last().table.rows[0]).toEqual(["values", 2]);
    expect(last().note).toMatch(/^2 of 4 values are left out. The first: samples\[0\].values\[1\] is -4.146/);
  });
  it("take their category with them, and where none is left the table says why", () => {
    const series = [{ name: "a", values: [1, NaN] }];
    chart.bars({ title: "T", y, categories: ["here", "gone"], series });
    expect(last().table.rows).toEqual([["here", 1]]);
    chart.bars({ title: "U", y, categories: ["gone"], series: [{ name: "a", values: [NaN] }] });
    expect(last().kind).toBe("table");
    expect(last().note).toMatch(/^1 of 1 categories is left out/);
  });
  it("leave a gap in a heat map, and their words in a table", () => {
    const sides = { x: { ...x, values: [1, 2] }, y: { ...y, values: [1] } };
    chart.heatmap({ title: "T", ...sides, z: { label: "z" }, values: [1, Infinity] });
    expect(last().table.rows).toEqual([[1, 1, ""]]);
    chart.table({ title: "T", columns: ["a", "b"], rows: [[NaN, undefined as unknown as number]] });
    expect(last().table.rows).toEqual([["NaN", "undefined"]]);
    expect(sent.every(({ description }) => chartProblem(structuredClone(description)) === null)).toBe(true);
  });
  it("are no excuse for a misspelt option: that is said at once", () => {
    expect(() => chart.line({ title: "", x, y, series: [{ name: "a", points: [] }] })).toThrow("title");
  });
});

describe("a lab's charts", () => {
  it("grow in place, at most some ten times a second, and the last one always arrives", () => {
    vi.useFakeTimers();
    for (let n = 1; n <= 5000; n++)
      chart.line({ title: "Growing", x, y, series: [{ name: "a", points: [{ x: 1, y: n }] }] });
    vi.runAllTimers();
    expect(sent.length).toBeLessThanOrEqual(60);
    expect(last().table.rows).toEqual([[1, 5000]]);
    expect(lab.charts.length).toBe(1);
  });
  it("beyond two dozen are left out, and the console says so once", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    for (let n = 0; n < 100; n++) chart.table({ title: `Table ${n}`, columns: ["a"], rows: [[n]] });
    expect(sent.length).toBe(limits.charts);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
  it("say calculated without a run, and name our own endpoint where it was measured", () => {
    chart.table({ title: "A", columns: ["a"], rows: [] });
    expect(sent.at(-1)!.origin).toEqual({ kind: "calculated" });
    const run = { ...makeRun([]), origin: { kind: "measured", target: "llama-3.1-8b" } } as unknown as Run;
    lab.runs.push(run);
    chart.table({ title: "B", columns: ["a"], rows: [] });
    expect(sent.at(-1)!.origin).toEqual({ kind: "measured", target: "llama-3.1-8b" });
    lab.runs[0] = { ...run, measurement: { server: { engine: "vllm", simulated: true } } } as unknown as Run;
    chart.table({ title: "C", columns: ["a"], rows: [] });
    expect(sent.at(-1)!.origin).toEqual({ kind: "measured", target: "simulated endpoint" });
  });
});
