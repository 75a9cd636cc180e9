import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bars,
  blocks,
  ecdf,
  gantt,
  heatmap,
  histogram,
  line,
  percentiles,
  scatter,
  table,
  timeline,
  waterfall,
} from "../../../src/engine/chart/index.ts";
import { InputError } from "../../../src/engine/errors.ts";
import { memoryBudget } from "../../../src/engine/estimate/memory.ts";
import type { Run } from "../../../src/engine/run.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { poisson } from "../../../src/engine/workload/arrivals.ts";
import { uniform } from "../../../src/engine/workload/lengths.ts";
import { makeRun } from "../metrics/runs.ts";

const batch = { label: "batch size" };
const tpot = { label: "TPOT", unit: "ms" };
const points = (...ys: number[]) => ys.map((y, i) => ({ x: i + 1, y }));

describe("line", () => {
  it("says where one line goes, with units", () => {
    const d = line({ title: "T", x: batch, y: tpot, series: [{ name: "TPOT", points: points(6.5123, 9, 24.2) }] });
    expect(d.finding).toBe("As batch size goes from 1 to 3, TPOT rises from 6.51 ms to 24.2 ms.");
    expect(d.table).toEqual({
      columns: ["batch size", "TPOT (ms)"],
      rows: [
        [1, 6.5123],
        [2, 9],
        [3, 24.2],
      ],
    });
  });
  it("mentions a peak on the way, and calls a flat line flat", () => {
    const series = [
      { name: "A", points: points(1, 5, 2) },
      { name: "B", points: points(3, 3.01, 3) },
    ];
    expect(line({ title: "T", x: batch, y: tpot, series }).finding).toBe(
      "As batch size goes from 1 to 3, A rises from 1 ms to 2 ms with a peak of 5 ms at 2 and B stays near 3 ms.",
    );
  });
  it("has one row a point in its table, beside its series, sorted by x, with bands and labels", () => {
    const d = line({
      title: "T",
      x: batch,
      y: tpot,
      series: [
        {
          name: "A",
          points: [
            { x: 2, y: 20, low: 18, high: 22 },
            { x: 1, y: 10 },
          ],
        },
        { name: "B", points: [{ x: 2, y: 7, label: "batch 2 of B" }] },
      ],
    });
    expect(d.table.columns).toEqual(["series", "batch size", "TPOT (ms)", "low (ms)", "high (ms)", "label"]);
    expect(d.table.rows).toEqual([
      ["A", 1, 10, "", "", ""],
      ["A", 2, 20, 18, 22, ""],
      ["B", 2, 7, "", "", "batch 2 of B"],
    ]);
  });
  it("keeps the extremes and ends of a hundred thousand points in twenty thousand, and says so", () => {
    const many = Array.from({ length: 100_000 }, (_, i) => ({ x: i, y: i === 61_803 ? 99 : i === 3_000 ? -9 : i % 7 }));
    const d = line({ title: "T", x: batch, y: tpot, series: [{ name: "A", points: many }] });
    if (d.kind !== "line") throw new Error(d.kind);
    const ys = d.spec.series[0].points.map((p) => p.y);
    expect(ys.length).toBeLessThanOrEqual(20_000);
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([-9, 99]);
    expect(d.spec.series[0].points.at(-1)).toEqual(many.at(-1));
    expect(d.table.note).toMatch(/of 100,000 points/);
  });
  it("has a sentence for a chart without data", () => {
    expect(line({ title: "T", x: batch, y: tpot, series: [{ name: "A", points: [] }] }).finding).toMatch(/no data yet/);
  });
  it.each([
    [{ title: "" }, "title"],
    [{ x: undefined }, "x is undefined"],
    [{ series: [] }, "length of series"],
    [{ series: [{ name: "A", points: [{ x: 1, y: NaN }] }] }, "series[0].points[0].y is NaN"],
    [{ series: [{ name: "A", points: [{ x: 1, y: Infinity }] }] }, "finite"],
    [{ y: { label: "t", scale: "log" }, series: [{ name: "A", points: [{ x: 1, y: 0 }] }] }, "logarithmic"],
    [{ series: [{ name: "A", points: [{ x: 1, y: 2, low: 3 }] }] }, "points[0].low"],
    [{ marks: [{ label: "m" }] }, "marks[0]"],
  ])("refuses %j by name: %s", (wrong, message) => {
    const good = { title: "T", x: batch, y: tpot, series: [{ name: "A", points: points(1, 2) }] };
    const bad = () => line({ ...good, ...wrong } as Parameters<typeof line>[0]);
    expect(bad).toThrow(InputError);
    expect(bad).toThrow(message);
  });
});

describe("scatter", () => {
  it("says how many points lie where", () => {
    const d = scatter({
      title: "T",
      x: { label: "prompt", unit: "tokens" },
      y: tpot,
      series: [{ name: "A", points: points(1, 2, 30) }],
    });
    expect(d.finding).toBe(
      "Over prompt from 1 token to 3 tokens, 3 points have TPOT from 1 ms to 30 ms, half of them below 2 ms.",
    );
  });
  it("says a single point's value without a range, and leads with the extremes of several series", () => {
    const axes = { title: "T", x: { label: "Prompt", unit: "tokens" }, y: tpot };
    expect(scatter({ ...axes, series: [{ name: "A", points: points(5) }] }).finding).toBe(
      "At prompt 1 token, the only point has TPOT 5 ms.",
    );
    const two = [
      { name: "A", points: points(5) },
      { name: "B", points: points(1, 3) },
    ];
    expect(scatter({ ...axes, series: two }).finding).toBe(
      "TPOT is highest, 5 ms, at prompt 1 token (A), and lowest, 1 ms, at prompt 1 token (B); 3 points in 2 series.",
    );
  });
  it("thins a million points to a fine grid and keeps the extremes", () => {
    const many = Array.from({ length: 200_000 }, (_, i) => ({ x: i % 977, y: (i * 7919) % 1013 }));
    const d = scatter({ title: "T", x: batch, y: tpot, series: [{ name: "A", points: many }] });
    if (d.kind !== "scatter") throw new Error(d.kind);
    const ys = d.spec.series[0].points.map((p) => p.y);
    expect(ys.length).toBeLessThan(50_000);
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([0, 1012]);
  });
});

const ttft = { label: "TTFT", unit: "ms" };
const hundred = Array.from({ length: 100 }, (_, i) => i + 1);

describe("ecdf", () => {
  const d = ecdf({
    title: "T",
    x: ttft,
    samples: [
      { name: "A", values: hundred },
      { name: "B", values: hundred.map((v) => 3 * v) },
    ],
  });
  it("compares medians and tails in one sentence", () => {
    expect(d.finding).toBe(
      "TTFT is 50.5 ms at the median and 99 ms at p99 for A and 152 ms at the median and 297 ms at p99 for B; the p99 of B is 3 times that of A.",
    );
  });
  it("climbs from 1/n to 1", () => {
    if (d.kind !== "ecdf") throw new Error(d.kind);
    const { points } = d.spec.series[0];
    expect(points[0]).toEqual({ x: 1, y: 0.01 });
    expect(points.at(-1)).toEqual({ x: 100, y: 1 });
  });
  it("has no median or tail to tell of a single value", () => {
    expect(ecdf({ title: "T", x: ttft, samples: [{ name: "A", values: [0.2] }] }).finding).toBe(
      "TTFT is 0.2 ms in the only value.",
    );
    expect(histogram({ title: "T", x: ttft, samples: [{ name: "A", values: [0.2] }] }).finding).toBe(
      "The only value is 0.2 ms.",
    );
  });
  it("draws a million values with five hundred points, tails exact", () => {
    const values = Float64Array.from({ length: 1_000_000 }, (_, i) => i);
    const big = ecdf({ title: "T", x: ttft, samples: [{ name: "A", values }] });
    if (big.kind !== "ecdf") throw new Error(big.kind);
    const { points } = big.spec.series[0];
    expect(points.length).toBe(500);
    expect(points.slice(-2).map((p) => p.x)).toEqual([999_998, 999_999]);
  });
  it("lists percentiles in its table", () => {
    expect(d.table.rows[0]).toEqual(["values", 100, 100]);
    expect(d.table.rows.find(([name]) => name === "p99")).toEqual([
      "p99",
      expect.closeTo(99.01, 6),
      expect.closeTo(297.03, 6),
    ]);
  });
});

describe("percentiles", () => {
  it("puts p90 at 10 and p99 at 100 of its axis, and marks on values", () => {
    const d = percentiles({
      title: "T",
      x: ttft,
      samples: [{ name: "A", values: hundred }],
      marks: [{ x: 50, label: "SLO" }],
    });
    if (d.kind !== "percentiles") throw new Error(d.kind);
    const at = (share: number) => d.spec.series[0].points.find((p) => p.x >= 1 / (1 - share))?.y;
    expect(at(0.9)).toBe(91);
    expect(at(0.99)).toBe(100);
    expect(d.spec.y).toEqual(ttft);
    expect(d.spec.marks).toEqual([{ y: 50, label: "SLO" }]);
  });
});

describe("histogram", () => {
  it("counts every value once, in round bins", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 }), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.constantFrom("linear" as const, "log" as const),
        (samples, scale) => {
          const d = histogram({
            title: "T",
            x: { ...ttft, scale },
            samples: samples.map((values, i) => ({ name: `${i}`, values })),
          });
          if (d.kind !== "histogram") throw new Error(d.kind);
          samples.forEach((values, s) => {
            expect(d.spec.series[s].counts.reduce((a, b) => a + b, 0)).toBe(values.length);
            expect(d.spec.edges[0]).toBeLessThanOrEqual(Math.min(...values) * (1 + 1e-9));
            expect(d.spec.edges.at(-1)).toBeGreaterThanOrEqual(Math.max(...values) * (1 - 1e-9));
          });
          expect(d.spec.edges.length).toBeLessThan(100);
        },
      ),
    );
  });
  it("says where the middle half lies and which bin is fullest", () => {
    const values = [...hundred, ...new Array<number>(100).fill(42)];
    expect(histogram({ title: "T", x: ttft, samples: [{ name: "A", values }] }).finding).toBe(
      "The middle half of 200 values lies from 42 ms to 50.3 ms; the fullest bin, 40 ms to 45 ms, holds 52.5 % of them.",
    );
  });
});

describe("bars", () => {
  it("says which is highest, lowest and how far apart", () => {
    const d = bars({ title: "T", y: tpot, categories: ["A100", "H100"], series: [{ name: "TPOT", values: [12, 6] }] });
    expect(d.finding).toBe("TPOT is highest for A100 (12 ms) and lowest for H100 (6 ms), 2 times apart.");
  });
  it("adds up stacks", () => {
    const d = bars({
      title: "T",
      y: tpot,
      categories: ["A", "B"],
      stacked: true,
      series: [
        { name: "weights", values: [4, 2] },
        { name: "KV", values: [6, 1] },
      ],
    });
    expect(d.finding).toMatch(/^Total TPOT is highest for A \(10 ms\)/);
    expect(d.table.rows).toEqual([
      ["A", 4, 6, 10],
      ["B", 2, 1, 3],
    ]);
  });
  it("refuses a series that does not fit its categories", () => {
    expect(() => bars({ title: "T", y: tpot, categories: ["A"], series: [{ name: "s", values: [1, 2] }] })).toThrow(
      "the length of series[0].values is 2",
    );
  });
});

describe("waterfall", () => {
  it("adds up its parts and names the largest", () => {
    const d = waterfall({
      title: "T",
      y: { label: "TTFT", unit: "ms" },
      categories: ["network", "queue", "prefill"],
      series: [{ name: "p50", values: [10, 30, 60] }],
    });
    expect(d.finding).toBe("TTFT adds up to 100 ms, most of all prefill (60 ms, 60 % of it).");
    expect(d.table.rows.at(-1)).toEqual(["total", 100]);
  });
});

describe("heatmap", () => {
  it("says where it is highest and lowest", () => {
    const d = heatmap({
      title: "T",
      x: { label: "rate", unit: "/s", values: [1, 2] },
      y: { label: "batch", values: [8, 16] },
      z: { label: "goodput", unit: "/s" },
      values: [1, 2, 1, 1.5],
    });
    expect(d.finding).toMatch(/^Goodput is highest, 2\/s, at rate 2\/s and batch 8, and lowest, 1\/s, at rate 1/);
    expect(d.table.rows).toEqual([
      [8, 1, 2],
      [16, 1, 1.5],
    ]);
  });
  it("refuses values that do not fill its grid", () => {
    expect(() =>
      heatmap({
        title: "T",
        x: { label: "x", values: [1, 2] },
        y: { label: "y", values: [1] },
        z: { label: "z" },
        values: [1],
      }),
    ).toThrow("2 × 1 = 2");
  });
});

describe("table", () => {
  it("refuses rows that do not fit, and NaN", () => {
    expect(() => table({ title: "T", columns: ["a", "b"], rows: [[1]] })).toThrow("the length of rows[0] is 1");
    expect(() => table({ title: "T", columns: ["a"], rows: [[NaN]] })).toThrow("rows[0][0] is NaN");
  });
  it("says that it left rows out", () => {
    const d = table({ title: "T", columns: ["a"], rows: Array.from({ length: 3000 }, (_, i) => [i]) });
    expect(d.table.rows.length).toBe(2000);
    expect(d.table.note).toMatch(/2000 of 3000/);
  });
});

const run: Run = {
  ...makeRun([
    { scheduled: 0, started: 1, first: 3, last: 5, prompt: 160, output: 32 },
    { scheduled: 0, started: 0, first: 1, last: 5, prompt: 16, output: 16 },
    { status: "unsent" },
  ]),
  timeline: {
    t: Float64Array.of(0, 2, 4),
    batch: Uint32Array.of(1, 2, 2),
    tokens: Uint32Array.of(1, 2, 2),
    blocks: Uint32Array.of(1, 11, 13),
    waiting: Uint32Array.of(0, 3, 0),
    bound: new Uint8Array(3),
    busy: 0.973,
  },
};

describe("timeline", () => {
  it("says how much ran, waited and was cached at most", () => {
    expect(timeline(run).finding).toBe(
      "Up to 2 sequences run at once, up to 3 requests wait, and the KV cache holds up to 13 blocks; steps run 97.3 % of the time.",
    );
  });
  it("counts one sequence as one, and says that nothing waits", () => {
    const alone = { ...run.timeline!, batch: Uint32Array.of(0, 1, 1), waiting: new Uint32Array(3) };
    expect(timeline({ ...run, timeline: alone }).finding).toMatch(
      /^At most one sequence runs at once, none waits, and/,
    );
  });
  it("draws every moment of a long run, and keeps the peak of every stretch in its table", () => {
    const n = 50_000;
    const waiting = new Uint32Array(n);
    waiting[12_345] = 99;
    const long = {
      ...run.timeline!,
      t: Float64Array.from({ length: n }, (_, i) => i),
      waiting,
      batch: new Uint32Array(n),
      blocks: new Uint32Array(n),
      tokens: new Uint32Array(n),
      bound: new Uint8Array(n),
    };
    const d = timeline({ ...run, timeline: long });
    if (d.kind !== "timeline") throw new Error(d.kind);
    expect(d.spec.t.length).toBe(n);
    expect(d.table.rows.length).toBe(600);
    expect(Math.max(...d.table.rows.map((row) => Number(row[2])))).toBe(99);
    expect(d.spec.panels[1].values[12_345]).toBe(99);
    expect(d.spec.panels.map((p) => p.y.label)).toEqual(["running", "waiting"]);
  });
  it("needs a timeline", () => {
    expect(() => timeline(makeRun([]))).toThrow("run.timeline");
  });
});

describe("gantt", () => {
  it("splits each request into phases", () => {
    const d = gantt(run);
    if (d.kind !== "gantt") throw new Error(d.kind);
    expect(d.spec.rows[0].spans).toEqual([
      { from: 0, to: 1, kind: 0 },
      { from: 1, to: 3, kind: 2 },
      { from: 3, to: 5, kind: 3 },
    ]);
    expect(d.spec.rows[2]).toEqual({ label: "2 (unsent)", spans: [] });
    expect(d.finding).toMatch(/request 0 takes longest, 5 s/);
    expect(d.table.columns).toEqual([
      "request",
      "from (s)",
      "held by the client (s)",
      "queue and prefill (s)",
      "decode (s)",
    ]);
  });
  it("tells queue from prefill where the run does", () => {
    const none = new Float64Array(3);
    const explain = {
      queue: Float64Array.of(0.5, 0, 0),
      prefill: none,
      interference: none,
      preemption: none,
      decode: none,
      decodeInterference: none,
      decodePreemption: none,
    };
    const d = gantt({ ...run, explain });
    if (d.kind !== "gantt") throw new Error(d.kind);
    expect(d.spec.rows[0].spans.slice(1, 3)).toEqual([
      { from: 1, to: 1.5, kind: 1 },
      { from: 1.5, to: 3, kind: 2 },
    ]);
    expect(d.spec.kinds[2]).toBe("prefill");
  });
  it("keeps apart what a request lost to preemption, and says that its place is not known", () => {
    const none = new Float64Array(3);
    const explain = {
      queue: none,
      prefill: none,
      interference: none,
      preemption: none,
      decode: none,
      decodeInterference: none,
      decodePreemption: Float64Array.of(0.5, 0, 0),
    };
    const d = gantt({ ...run, explain });
    if (d.kind !== "gantt") throw new Error(d.kind);
    expect(d.spec.rows[0].spans.slice(-2)).toEqual([
      { from: 3, to: 4.5, kind: 3 },
      { from: 4.5, to: 5, kind: 4 },
    ]);
    expect(d.note).toMatch(/at the end of its phase/);
  });
  it("refuses a range without requests", () => {
    expect(() => gantt(run, { requests: [2, 9] })).toThrow("requests");
  });
});

const withBlocks = (numGpuBlocks: number): Run => ({
  ...run,
  origin: { kind: "simulated", server: { model: "m", gpu: "g", scheduler: { numGpuBlocks } }, seed: 0 },
});

describe("blocks", () => {
  it("shows the real capacity, not the most that was in use", () => {
    const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
    const load = { arrivals: poisson(20), prompt: uniform(512, 1536), output: uniform(64, 192), requests: 100 };
    const capacity = memoryBudget(server).blocks;
    const simulated = simulate(server, load);
    for (const c of [{}, { at: 1 }]) {
      const { finding } = blocks(simulated, c);
      expect(finding).toContain(` of ${capacity.toLocaleString("en-GB")} blocks`);
      expect(finding).not.toContain("(100 %)");
    }
    const twice = simulate({ ...server, replicas: 2 }, load);
    expect(blocks(twice).finding).toContain(` of ${(2 * capacity).toLocaleString("en-GB")} blocks`);
  });
  it("refuses a moment outside the run", () => {
    for (const at of [-1, 1e6, NaN])
      expect(() => blocks(withBlocks(13), { at })).toThrow("a moment of the run, from 0 to");
  });
  it("gives each request its blocks as it grows", () => {
    const d = blocks(withBlocks(13), { at: 4 });
    if (d.kind !== "blocks") throw new Error(d.kind);
    // 160 + half of 32 tokens are 11 blocks of 16; 16 + three quarters of 16 are 2.
    expect(d.table.rows.slice(0, 2)).toEqual([
      [0, 11, 176],
      [1, 2, 28],
    ]);
    expect(Array.from(d.spec.owners)).toEqual([...new Array<number>(11).fill(0), 1, 1]);
    expect(d.finding).toBe("At 4 s, 2 requests hold 13 of 13 blocks (100 %); request 0 holds most, 11.");
  });
  it("takes the busiest moment by default, and refuses a measured run", () => {
    expect(blocks(withBlocks(13)).finding).toMatch(/^At 4 s/);
    expect(() => blocks(makeRun([], 0))).toThrow("measured server does not show its blocks");
  });
  it("shares a cell among blocks where there are too many", () => {
    const d = blocks(withBlocks(40_000), { at: 4 });
    if (d.kind !== "blocks") throw new Error(d.kind);
    expect(d.spec.blocksPerCell).toBe(10);
    expect(d.spec.owners.length).toBe(4000);
  });
});

it("every description survives structured cloning", () => {
  for (const d of [
    line({ title: "T", x: batch, y: tpot, series: [{ name: "A", points: points(1, 2) }] }),
    histogram({ title: "T", x: ttft, samples: [{ name: "A", values: hundred }] }),
    blocks(withBlocks(13)),
    gantt(run),
    timeline(run),
  ])
    expect(structuredClone(d)).toEqual(d);
});

describe("the sentence under a chart", () => {
  it("is the author's own where one is given", () => {
    for (const chart of [ecdf, percentiles, histogram])
      expect(
        chart({ title: "T", x: ttft, says: "The stall is gone.", samples: [{ name: "A", values: [1] }] }).finding,
      ).toBe("The stall is gone.");
    expect(blocks(withBlocks(13), { says: "Full." }).finding).toBe("Full.");
    expect(() => timeline(run, { says: " " })).toThrow("says is");
  });
  it("tells of the maximum where it differs most, and of both where p99 and maximum tell opposite things", () => {
    const many = (value: number, last: number) => [...new Array<number>(400).fill(value), last];
    const one = { name: "chunked", values: many(0.02, 0.12) };
    const other = { name: "prefill first", values: many(0.01, 1.49) };
    expect(ecdf({ title: "T", x: ttft, samples: [one, other] }).finding).toMatch(
      /the p99 of chunked is 2 times that of prefill first, but the maximum of prefill first is 12\.4 times that of chunked\.$/,
    );
  });
  it("says that requests wait for a step to end, where no sample of the timeline shows them waiting", () => {
    const none = { ...run.timeline!, waiting: new Uint32Array(3) };
    const queue = Float64Array.of(0.05, 0, NaN);
    const [prefill, interference, preemption, decode] = [0, 1, 2, 3].map(() => new Float64Array(3));
    const [decodeInterference, decodePreemption] = [new Float64Array(3), new Float64Array(3)];
    const explain = { queue, prefill, interference, preemption, decode, decodeInterference, decodePreemption };
    const explained = { ...run, timeline: none, explain: explain as NonNullable<Run["explain"]> };
    expect(timeline(explained).finding).toContain("1 of 3 requests wait for a step to end, 50 ms at most");
  });
  it("says of a run whose server never took a step that none ran", () => {
    const empty = Object.fromEntries(
      Object.entries(run.timeline!).map(([k, v]) => [k, typeof v === "number" ? 0 : v.subarray(0, 0)]),
    );
    expect(timeline({ ...run, timeline: empty as unknown as NonNullable<Run["timeline"]> }).finding).toMatch(
      /^No sequence runs/,
    );
  });
});
