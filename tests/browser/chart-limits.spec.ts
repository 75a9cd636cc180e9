import { expect, test, type Page } from "./test.ts";
import fc from "fast-check";
import type { ChartDescription } from "../../src/engine/chart/index.ts";
import { arbitraryChart, extreme, kinds } from "../components/charts/arbitrary-charts.ts";
import type { ChartHarness } from "./chart-harness.tsx";
import { open } from "./chart-page.ts";

/** A lab that gives no sign of life for so long is stopped: a page may not take longer for a chart. */
const WATCHDOG = 10_000;

interface Watched extends ChartHarness {
  longest: number;
}

/** Counts how long the page is without a turn of its timer. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watched = globalThis as unknown as Watched;
    let last = performance.now();
    watched.longest = 0;
    setInterval(() => {
      const now = performance.now();
      watched.longest = Math.max(watched.longest, now - last);
      last = now;
    }, 10);
  });
}

const longest = (page: Page) =>
  page.evaluate(() => {
    const watched = globalThis as unknown as Watched;
    const gap = watched.longest;
    watched.longest = 0;
    return Math.round(gap);
  });

/** Puts charts on the page in one go; resolves when `painted` pictures are there. Fails after the watchdog's time. */
async function place(page: Page, charts: readonly ChartDescription[], painted: number): Promise<number> {
  const done = page.evaluate(
    async ([all, wanted]) => {
      const { placeChart, clearCharts } = globalThis as unknown as Watched;
      const host = document.querySelector("main")!;
      clearCharts();
      let count = 0;
      const enough = new Promise<void>((resolve) =>
        host.addEventListener("chart-painted", () => {
          if (++count >= wanted) resolve();
        }),
      );
      for (const chart of all) placeChart(chart);
      await enough;
      return host.querySelectorAll("perf-chart").length;
    },
    [charts, painted] as const,
  );
  return inTime(done);
}

/** Rejects where the page takes longer than a lab may. */
function inTime<T>(done: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no picture after ${WATCHDOG} ms`)), WATCHDOG);
  });
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}

async function ready(page: Page): Promise<string[]> {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await open(page);
  await page.waitForFunction(() => "placeChart" in globalThis);
  await watch(page);
  return errors;
}

for (const kind of kinds)
  test(`a ${kind} chart of any numbers is drawn, and the page answers`, async ({ page }) => {
    const errors = await ready(page);
    let worst = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryChart(kind, extreme), async (chart) => {
        expect(await place(page, [chart], 1)).toBe(1);
        worst = Math.max(worst, await longest(page));
      }),
      { numRuns: 25, endOnFailure: true, ...(process.env["TEST_LONG"] === undefined && { seed: 20_261_128 }) },
    );
    console.log(`${kind}: the page was without a turn for ${worst} ms at most`);
    expect(errors).toEqual([]);
  });

/** What a page makes of charts that it builds itself, so that only its own work is counted. */
async function build(
  page: Page,
  make: (describe: Watched["describeChart"]) => ChartDescription[],
  painted = 1,
): Promise<number> {
  const done = page.evaluate(
    async ([code, wanted]) => {
      const { placeChart, clearCharts, describeChart: describe } = globalThis as unknown as Watched;
      // The page is our own, without a policy against it.
      const charts = (new Function("describe", `return (${code})(describe)`) as typeof make)(describe);
      await new Promise((resolve) => setTimeout(resolve, 50));
      (globalThis as unknown as Watched).longest = 0;
      const host = document.querySelector("main")!;
      clearCharts();
      let count = 0;
      const enough = new Promise<void>((resolve) =>
        host.addEventListener("chart-painted", () => {
          if (++count >= wanted) resolve();
        }),
      );
      for (const chart of charts) placeChart(chart);
      await enough;
      return host.querySelectorAll("perf-chart").length;
    },
    [make.toString(), painted] as const,
  );
  return inTime(done);
}

test("charts beyond two dozen are left out, and those on a page are drawn a few at a time", async ({ page }) => {
  const errors = await ready(page);
  const placed = await build(
    page,
    (describe) =>
      Array.from({ length: 4900 }, (_, i) =>
        describe[i % 2 ? "line" : "scatter"]({
          title: `Chart ${i}`,
          x: { label: "x" },
          y: { label: "y" },
          series: [
            {
              name: "a",
              points: Array.from({ length: i < 24 ? 20_000 : 3 }, (_p, k) => ({ x: k, y: (k * 7919) % 1013 })),
            },
          ],
        }),
      ),
    24,
  );
  expect(placed).toBe(24);
  console.log(`24 charts of 20,000 points out of 4,900 charts: ${await longest(page)} ms without a turn`);
  expect(errors).toEqual([]);
});

test("a chart of the same kind and title grows where it stands", async ({ page }) => {
  await ready(page);
  const placed = await build(page, (describe) =>
    Array.from({ length: 300 }, (_, i) =>
      describe.line({
        title: "Growing",
        x: { label: "x" },
        y: { label: "y" },
        series: [{ name: "a", points: Array.from({ length: i + 2 }, (_p, k) => ({ x: k, y: k })) }],
      }),
    ),
  );
  expect(placed).toBe(1);
  await page.getByText("Data", { exact: true }).click();
  await expect(page.locator("tbody tr")).toHaveCount(301);
});

const largest: Record<string, (describe: Watched["describeChart"]) => ChartDescription[]> = {
  "a line of 100,000 points": (describe) => [
    describe.line({
      title: "Long",
      x: { label: "x" },
      y: { label: "y", unit: "s" },
      series: [
        {
          name: "a",
          points: Array.from({ length: 100_000 }, (_, i) => ({
            x: i,
            y: Math.sin(i / 900) + ((i * 7919) % 1013) / 4000,
          })),
        },
      ],
    }),
  ],
  "a cloud of 100,000 points": (describe) => [
    describe.scatter({
      title: "Cloud",
      x: { label: "x" },
      y: { label: "y", unit: "s" },
      series: [
        { name: "a", points: Array.from({ length: 100_000 }, (_, i) => ({ x: (i * 31) % 997, y: (i * 7919) % 1013 })) },
      ],
    }),
  ],
  "a heat map of 160,000 cells": (describe) => {
    const values = Array.from({ length: 400 }, (_, i) => i + 1);
    const cells = Array.from({ length: 160_000 }, (_, i) => (i * 7919) % 1013);
    return [
      describe.heatmap({
        title: "Heat",
        x: { label: "x", values },
        y: { label: "y", values },
        z: { label: "z", unit: "s" },
        values: cells,
      }),
    ];
  },
  "24 distributions of 20,000 values": (describe) => [
    describe.ecdf({
      title: "ECDF",
      x: { label: "TTFT", unit: "s" },
      samples: Array.from({ length: 24 }, (_, s) => ({
        name: `sample ${s}`,
        values: Float64Array.from({ length: 20_000 }, (_v, i) => ((i * 31 + s) % 977) + 1),
      })),
    }),
  ],
  "a table of 80,000 cells": (describe) => [
    describe.table({
      title: "Table",
      columns: Array.from({ length: 40 }, (_, i) => `c${i}`),
      rows: Array.from({ length: 2000 }, (_, r) => Array.from({ length: 40 }, (_c, c) => r * c)),
    }),
  ],
};

for (const [name, make] of Object.entries(largest))
  test(`${name} is drawn, and its data are shown, while the page answers`, async ({ page }) => {
    const errors = await ready(page);
    await build(page, make);
    const drawn = await longest(page);
    if (!name.includes("table")) await page.getByText("Data", { exact: true }).click();
    await expect(page.locator("tbody tr").first()).toBeVisible();
    console.log(`${name}: ${drawn} ms without a turn when drawn, ${await longest(page)} ms for its data`);
    expect(errors).toEqual([]);
  });
