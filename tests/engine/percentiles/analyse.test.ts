import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyse } from "../../../src/engine/percentiles/analyse.ts";
import { examples } from "../../../src/engine/percentiles/examples.ts";
import { readTable } from "../../../src/engine/percentiles/read-table.ts";
import { defaults, type Settings } from "../../../src/engine/percentiles/settings.ts";
import numpy from "./numpy-linear.json" with { type: "json" };

const of = (text: string, settings: Partial<Settings> = {}) =>
  analyse([{ name: "A", table: readTable(text) }], { ...defaults, ...settings });
const at = (analysis: ReturnType<typeof of>, name: string) =>
  analysis.sets[0]!.statistics.find((s) => s.name === name)!;
const example = (id: string) => examples.find((each) => each.id === id)!;
const run = (id: string, settings: Partial<Settings> = {}) =>
  of(example(id).text(), { ...example(id).settings, ...settings });

test("ten values give the p90 and p99 of each method", () => {
  const p = (method: Settings["method"], name: string) => at(run("ten", { method }), name).value * 1000;
  expect(p("nearest-rank", "p90")).toBeCloseTo(45, 9);
  expect(p("linear", "p90")).toBeCloseTo(52.5, 9);
  expect(p("hazen", "p90")).toBeCloseTo(82.5, 9);
  expect(p("median-unbiased", "p90")).toBeCloseTo(92.5, 9);
  expect(p("weibull", "p90")).toBeCloseTo(112.5, 9);
  expect(p("linear", "p99")).toBeCloseTo(113.25, 9);
  for (const method of ["nearest-rank", "hazen", "weibull", "median-unbiased"] as const)
    expect(p(method, "p99")).toBeCloseTo(120, 9);
  expect(at(run("ten"), "p99")).toMatchObject({ interval: null, needs: 368 });
  expect(at(run("ten"), "p50").interval).not.toBeNull();
});

test("linear percentiles are numpy's, to 1e-9", () => {
  for (const { values, percentiles } of numpy) {
    const analysis = of(values.join("\n"), { mapping: [{ role: "latency", column: "value", unit: "s" }] });
    for (const [name, expected] of Object.entries(percentiles))
      expect(Math.abs(at(analysis, name).value - expected) / expected).toBeLessThan(1e-9);
  }
});

describe("what has no latency is counted and never dropped in silence", () => {
  test("failed, missing and negative ones stand apart", () => {
    const [set] = of("latency_ms,error\n100,\n200,\n,timeout\nNaN,\n-5,\ntimeout,\n").sets;
    expect(set!.counts).toEqual({ rows: 6, n: 2, failed: 2, missing: 1, negative: 1, warmup: 0 });
    expect(set!.statistics.find(({ name }) => name === "p99")!.withFailures).toBe(Infinity);
  });
  test("one row, and none with a value", () => {
    expect(of("5\n").sets[0]!.doubts[0]).toContain("nothing of the spread");
    expect(Number.isNaN(at(of("latency_ms,error\n5,boom\n"), "p50").value)).toBe(true);
  });
  test("counts add up, whatever the rows hold", () => {
    const cell = fc.oneof(
      fc.double({ min: -10, max: 1e6, noNaN: true }).map(String),
      fc.constantFrom("", "NaN", "timeout", "x"),
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 40 }), (cells) => {
        const { counts } = of(`latency_ms,k\n1,1\n${cells.map((c) => `${c},1`).join("\n")}\n`).sets[0]!;
        expect(counts.n + counts.failed + counts.missing + counts.negative).toBe(cells.length + 1);
      }),
      { numRuns: 60 },
    );
  });
});

describe("doubts are said", () => {
  const doubts = (text: string) => of(text).sets[0]!.doubts.join(" ");
  const lines = (n: number, value: (i: number) => number) => Array.from({ length: n }, (_, i) => value(i)).join("\n");
  test("too few for p99, and for its upper bound", () => {
    expect(doubts(lines(200, (i) => 100 + i * 1.37))).toContain("fewer than 299");
    expect(doubts(lines(320, (i) => 100 + i * 1.37))).toContain("no upper bound with fewer than 368");
    expect(doubts(lines(400, (i) => 100 + i * 1.37))).not.toContain("p99");
  });
  test("seconds among milliseconds", () => {
    expect(doubts(lines(400, (i) => (i % 4 === 0 ? (100 + i) / 1000 : 100 + i)))).toContain("mixed");
    expect(doubts(lines(400, (i) => 100 + i))).not.toContain("mixed");
  });
  test("zeros, a coarse clock, two groups", () => {
    expect(doubts(lines(400, (i) => (i < 3 ? 0 : 100 + i)))).toContain("3 values are 0");
    expect(doubts(lines(400, (i) => 100 + 15 * (i % 7)))).toContain("the clock is coarse");
    expect(run("cache").sets[0]!.doubts.join(" ")).toContain("two groups");
    expect(run("servers", { unused: ["server"] }).sets[0]!.doubts.join(" ")).not.toContain("mixed");
  });
});

test("the average of ten servers' p99s is far from the p99 of all", () => {
  const { merge } = run("servers");
  expect(merge!.parts).toHaveLength(10);
  expect(merge!.average).toBeLessThan(0.6 * merge!.merged);
});

test("omission is corrected as HdrHistogram does, and a hopeless interval is refused in words", () => {
  const { sets } = run("stall");
  expect(sets[0]!.corrected!.added).toBeGreaterThanOrEqual(499);
  const corrected = sets[0]!.corrected!.statistics.find(({ name }) => name === "p99")!.value;
  expect(corrected).toBeGreaterThan(100 * at(run("stall"), "p99").value);
  expect(() => run("stall", { interval: 1e-9 })).toThrow("longer: this one would add");
  expect(() => run("stall", { interval: -1 })).toThrow("a time above 0");
});

test("an objective counts failed requests as misses, and one on a metric that is not there is refused", () => {
  const [set] = of("ttft_ms,e2e_ms,start_s,error\n100,900,0,\n300,900,1,\n,,2,timeout\n100,900,3,\n", {
    slo: { ttft: 0.2, e2e: 1 },
  }).sets;
  expect(set!.attainment!.share.value).toBe(0.5);
  expect(set!.attainment!.requestsPerSecond).toBeCloseTo(2 / 3.9, 9);
  expect(() => of("latency_ms,k\n1,2\n3,4\n", { slo: { ttft: 1 } })).toThrow("no column of this table holds it");
  expect(of("latency_ms,k\n1,2\n3,4\n", { slo: { e2e: 1 } }).sets[0]!.attainment!.share.value).toBe(1);
});

test("B − A has an interval where both samples allow one, and it holds 0 for a sample beside itself", () => {
  const table = readTable(example("servers").text());
  const { differences } = analyse(
    [
      { name: "A", table },
      { name: "B", table },
    ],
    defaults,
  );
  const p99 = differences.find(({ name }) => name === "p99")!;
  expect(p99.delta!.low).toBeLessThan(0);
  expect(p99.delta!.high).toBeGreaterThan(0);
  const ten = readTable(example("ten").text());
  const few = analyse(
    [
      { name: "A", table: ten },
      { name: "B", table: ten },
    ],
    defaults,
  ).differences;
  expect(few.find(({ name }) => name === "p99")!.delta).toBeNull();
});

test("20 calls meet a slow one in 18 % of tasks, and a second request after p95 costs 5 % more", () => {
  const { fanOut, hedge } = run("servers", { fanOut: 20, hedge: 95 });
  expect(fanOut!.slowShare).toBeCloseTo(1 - 0.99 ** 20, 9);
  expect(fanOut!.p99.value).toBeGreaterThan(fanOut!.median.value);
  expect(hedge!.extra).toBeCloseTo(0.05, 2);
  expect(hedge!.after.p99).toBeLessThan(hedge!.before.p99);
  expect(() => run("servers", { fanOut: 0 })).toThrow("the calls of a task");
});

test("warm-up is cut in order of time, not of rows", () => {
  const text = "start_s,latency_ms\n3,30\n1,10\n2,20\n";
  const analysis = of(text, { warmup: 1 });
  expect(at(analysis, "min").value).toBeCloseTo(0.02, 9);
  expect(analysis.sets[0]!.counts).toMatchObject({ n: 2, warmup: 1 });
  expect(() => of(text, { warmup: 3 })).toThrow("from 0 to 2");
});

test("every example is drawn and says what it is there for", () => {
  for (const { id } of examples) {
    const { charts } = run(id);
    expect(charts.map(({ kind }) => kind).slice(0, 3), id).toEqual(["ecdf", "histogram", "percentiles"]);
  }
});

describe("whether neighbours are alike", () => {
  /** Of 0 to 1, the same every time. */
  const noise = (i: number) => {
    const x = Math.sin(i * 12.9898 + 78.233) * 43758.5453;
    return x - Math.floor(x);
  };
  const dependence = (values: readonly number[]) => of(values.join("\n")).sets[0]!.dependence;

  test("independent values are worth what they are", () => {
    const checked = dependence(Array.from({ length: 4000 }, (_, i) => 100 + 50 * noise(i)));
    expect(checked).toMatchObject({ worth: { median: 4000, tail: 4000 }, wider: { median: 1, tail: 1 } });
    expect(Math.abs("next" in checked ? checked.next : 1)).toBeLessThan(0.06);
  });

  test("values that come in runs of 50 are worth about a fiftieth", () => {
    const checked = dependence(
      Array.from({ length: 10_000 }, (_, i) => 100 + 50 * noise(Math.floor(i / 50)) + noise(i)),
    );
    if ("unknown" in checked) throw new Error(checked.unknown);
    expect(checked.next).toBeGreaterThan(0.9);
    expect(checked.worth.median).toBeGreaterThan(80);
    expect(checked.worth.median).toBeLessThan(500);
    expect(checked.wider.median).toBeCloseTo(Math.sqrt(10_000 / checked.worth.median), 6);
  });

  test("of few values, and of sorted ones, it can't be told", () => {
    expect(dependence([3, 1, 2])).toEqual({ unknown: "few" });
    expect(dependence(Array.from({ length: 200 }, (_, i) => i + 1))).toEqual({ unknown: "sorted" });
  });
});

test("B has columns of its own", () => {
  const tables = [
    { name: "A", table: readTable("fast_ms,slow_ms\n10,100\n12,120\n11,110\n") },
    { name: "B", table: readTable("fast_ms,slow_ms\n20,200\n22,220\n21,210\n") },
  ];
  const a = { mapping: [{ role: "latency" as const, column: "fast_ms", unit: "ms" as const }], unused: ["slow_ms"] };
  const b = { mapping: [{ role: "latency" as const, column: "slow_ms", unit: "ms" as const }], unused: ["fast_ms"] };
  const p50 = (settings: Settings) =>
    analyse(tables, settings).sets.map(({ statistics }) => statistics.find(({ name }) => name === "p50")!.value);
  expect(p50({ ...defaults, ...a, b })).toEqual([0.011, 0.21]);
  expect(p50({ ...defaults, ...a })).toEqual([0.011, 0.021]);
});
