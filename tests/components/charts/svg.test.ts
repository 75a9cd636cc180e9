import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { badgeText } from "../../../src/components/charts/badge.ts";
import { toCsv } from "../../../src/components/charts/cells.ts";
import { percentileScale, roomyTicks, scaleOf } from "../../../src/components/charts/scale.ts";
import { seriesStyle } from "../../../src/components/charts/series-style.ts";
import { chartSvg } from "../../../src/components/charts/svg.ts";
import * as describeChart from "../../../src/engine/chart/index.ts";
import type { ChartDescription, SeriesChart } from "../../../src/engine/chart/index.ts";
import type { Run } from "../../../src/engine/run.ts";
import { makeRun } from "../../engine/metrics/runs.ts";

const x = { label: "rate", unit: "/s" };
const y = { label: "TTFT", unit: "s" };
const one: SeriesChart = {
  title: "T",
  x,
  y,
  series: [
    {
      name: "a",
      points: [
        { x: 1, y: 0.1 },
        { x: 2, y: 0.3 },
      ],
    },
  ],
};
const values = Array.from({ length: 300 }, (_, i) => 1 + ((i * 37) % 300));
const run: Run = {
  ...makeRun([
    { first: 1, last: 2, prompt: 100, output: 10 },
    { scheduled: 1, first: 3, last: 4, prompt: 50, output: 10 },
  ]),
  timeline: {
    t: Float64Array.of(0, 1, 2),
    batch: Uint32Array.of(1, 2, 1),
    tokens: Uint32Array.of(1, 2, 1),
    blocks: Uint32Array.of(1, 9, 4),
    waiting: new Uint32Array(3),
    bound: new Uint8Array(3),
    busy: 1,
  },
};
const samples = [
  { name: "a", values },
  { name: "b", values: values.map((v) => v * 2) },
];
const every: ChartDescription[] = [
  describeChart.line({
    ...one,
    marks: [
      { y: 0.2, label: "SLO" },
      { x: 1.5, label: "here" },
    ],
  }),
  describeChart.line({ ...one, series: [{ name: "empty", points: [] }] }),
  describeChart.line({ ...one, series: [{ name: "one", points: [{ x: 5, y: 5 }] }] }),
  describeChart.line({ ...one, x: { ...x, scale: "log" }, y: { ...y, scale: "log" } }),
  describeChart.scatter(one),
  describeChart.ecdf({ title: "T", x: y, samples }),
  describeChart.percentiles({ title: "T", x: y, samples, marks: [{ x: 100, label: "SLO" }] }),
  describeChart.histogram({ title: "T", x: y, samples }),
  describeChart.histogram({ title: "T", x: { ...y, scale: "log" }, samples: [{ name: "same", values: [3, 3] }] }),
  describeChart.bars({
    title: "T",
    y,
    categories: ["a", "b"],
    series: [
      { name: "s", values: [1, 0] },
      { name: "t", values: [2, 1] },
    ],
  }),
  describeChart.bars({
    title: "T",
    y: { ...y, scale: "log" },
    categories: ["a", "b"],
    series: [{ name: "s", values: [1, 1000] }],
  }),
  describeChart.bars({ title: "T", y, categories: ["a"], series: [{ name: "s", values: [0] }] }),
  describeChart.waterfall({ title: "T", y, categories: ["a", "b"], series: [{ name: "s", values: [3, -1] }] }),
  describeChart.heatmap({
    title: "T",
    x: { label: "x", values: [1, 2] },
    y: { label: "y", values: [1] },
    z: { label: "z" },
    values: [0, 0],
  }),
  describeChart.timeline(run),
  describeChart.gantt(run),
  describeChart.blocks(run),
];

describe("chartSvg", () => {
  it.each(every.map((d, i) => [d.kind, i, d] as const))(
    "draws %s (%d) without a number missing, wide and narrow",
    (_, i, d) => {
      for (const width of [720, 350]) {
        const svg = chartSvg(d, { id: `c${i}`, width });
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="c\d+-title c\d+-finding"/);
        expect(svg).toContain(`<desc id="c${i}-finding">`);
        expect(svg.length).toBeGreaterThan(400);
      }
    },
  );

  it("takes colours from CSS variables only, so that one picture serves light and dark", () => {
    for (const d of every) expect(chartSvg(d, { id: "c" })).not.toMatch(/(fill|stroke)="(?!var\(--[a-z0-9-]+\)|none")/);
  });

  it("escapes what learners write", () => {
    const svg = chartSvg(describeChart.line({ ...one, title: `<script>"x"&'y'` }), { id: "c" });
    expect(svg).not.toContain("<script>");
    expect(svg).toContain("&lt;script&gt;&quot;x&quot;&amp;&#39;y&#39;");
  });

  it("names points where there is room, and never one name over another", () => {
    const crowd = Array.from({ length: 20 }, (_, i) => ({ x: 1 + i * 0.001, y: 1, label: `point ${i}` }));
    const drawn = chartSvg(
      describeChart.line({ ...one, series: [{ name: "a", points: [...crowd, { x: 3, y: 2, label: "alone" }] }] }),
      { id: "c" },
    );
    const names = [...drawn.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>(point \d+|alone)</g)].map((m) => ({
      x: Number(m[1]),
      y: Number(m[2]),
    }));
    expect(names.length).toBeGreaterThan(1);
    expect(names.length).toBeLessThan(20);
    for (const a of names)
      for (const b of names) if (a !== b) expect(Math.abs(a.x - b.x) > 30 || Math.abs(a.y - b.y) > 11).toBe(true);
  });

  it("shows seconds below one as milliseconds", () => {
    expect(chartSvg(describeChart.line(one), { id: "c" })).toContain("↑ TTFT (ms)");
  });

  it("draws a heat map of 160,000 values with no more cells than pixels", () => {
    const side = Array.from({ length: 400 }, (_, i) => i + 1);
    const d = describeChart.heatmap({
      title: "T",
      x: { label: "x", values: side },
      y: { label: "y", values: side },
      z: { label: "z" },
      values: new Float64Array(160_000),
    });
    expect(chartSvg(d, { id: "c", width: 350 }).match(/<rect/g)!.length).toBeLessThan(350 * 520);
  });
});

describe("scales", () => {
  it("reach around the data with round ends, and never turn values over", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
        (low, range) => {
          const s = scaleOf({ label: "v" }, { low, high: low + range });
          expect(s.at(low)).toBeGreaterThanOrEqual(-1e-6);
          expect(s.at(low + range)).toBeLessThanOrEqual(1 + 1e-6);
          expect(s.at(low + range)).toBeGreaterThan(s.at(low));
        },
      ),
    );
  });
  it("start at 0 where bars do", () => {
    expect(scaleOf({ label: "v" }, { low: 90, high: 100 }, { zero: "always" }).low).toBe(0);
    expect(scaleOf({ label: "v" }, { low: 90, high: 100 }, { zero: "near" }).low).toBe(90);
  });
  it("put p90, p99 and p99.9 equally far apart", () => {
    const s = percentileScale({ label: "percentile" }, { low: 2, high: 10_000 });
    expect(s.at(100) - s.at(10)).toBeCloseTo(s.at(1000) - s.at(100), 12);
    expect([2, 10, 1000].map(s.label)).toEqual(["p50", "p90", "p99.9"]);
  });
  it("drop ticks whose labels would touch", () => {
    const s = scaleOf({ label: "v" }, { low: 0, high: 100_000 }, { ticks: 20 });
    expect(roomyTicks(s, 120, () => 50).length).toBeLessThanOrEqual(3);
  });
});

describe("series", () => {
  it("differ by more than colour", () => {
    const looks = Array.from({ length: 8 }, (_, i) => seriesStyle(i)).map((s) => `${s.dash.join()} ${s.shape}`);
    expect(new Set(looks).size).toBe(8);
  });
});

describe("toCsv", () => {
  it("quotes what needs it and keeps every digit", () => {
    expect(toCsv({ columns: ["a,b", 'say "x"'], rows: [[0.1 + 0.2, "line\nbreak"]] })).toBe(
      '"a,b","say ""x"""\r\n0.30000000000000004,"line\nbreak"\r\n',
    );
  });
  it("never hands a spreadsheet a formula", () => {
    expect(toCsv({ columns: ["name"], rows: [["=HYPERLINK(1)"], ["@x"], [-1]] })).toBe(
      "name\r\n'=HYPERLINK(1)\r\n'@x\r\n-1\r\n",
    );
  });
});

it.each([
  [{ kind: "simulated", seed: 7 } as const, "simulated · seed 7"],
  [{ kind: "measured", target: "my server" } as const, "measured · my server"],
  [{ kind: "calculated" } as const, "calculated"],
])("badge of %j", (origin, text) => expect(badgeText(origin)).toBe(text));
