import { readFile } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { build } from "esbuild";
import type { PerfChart } from "../../src/components/charts/perf-chart.ts";
import * as describeChart from "../../src/engine/chart/index.ts";
import type { ChartDescription } from "../../src/engine/chart/index.ts";

const origin = "http://charts.test/";
let files: Map<string, string>;

test.beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ["src/components/charts/perf-chart.ts"],
    bundle: true,
    splitting: true,
    format: "esm",
    outdir: "/",
    write: false,
  });
  const tokens = await readFile("src/styles/tokens.css", "utf8");
  files = new Map(outputFiles.map((f) => [f.path.slice(1), f.text]));
  files.set(
    "",
    `<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8"><title>Charts</title>
     <link rel="stylesheet" href="perf-chart.css"><style>${tokens} body { background: var(--paper); color: var(--body); width: 640px }</style>
     <main><h1>Charts</h1></main><script type="module" src="perf-chart.js"></script></html>`,
  );
});

async function open(page: Page): Promise<void> {
  await page.route(`${origin}**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const type = name.endsWith(".js") ? "text/javascript" : name.endsWith(".css") ? "text/css" : "text/html";
    const body = files.get(name);
    return body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ body, contentType: type });
  });
  await page.goto(origin);
}

/** Adds a chart, or gives the last one a new description, and waits until it is painted. */
async function show(page: Page, description: ChartDescription, again = false): Promise<void> {
  await page.evaluate(
    async ([d, last]) => {
      const chart = last ? [...document.querySelectorAll("perf-chart")].at(-1)! : document.createElement("perf-chart");
      const painted = new Promise((resolve) => chart.addEventListener("chart-painted", resolve, { once: true }));
      (chart as PerfChart).origin = { kind: "simulated", seed: 7 };
      (chart as PerfChart).description = d;
      if (!last) document.querySelector("main")!.append(chart);
      await painted;
    },
    [description, again] as const,
  );
}

const x = { label: "batch size" };
const y = { label: "TPOT", unit: "s" };
const line = (scale: number) =>
  describeChart.line({
    title: "Bargain",
    x,
    y,
    series: [{ name: "TPOT", points: [1, 2, 4, 8].map((b) => ({ x: b, y: b * scale })) }],
  });
const values = Array.from({ length: 200 }, (_, i) => i + 1);
const every = [
  line(0.001),
  describeChart.scatter({
    title: "Scatter",
    x,
    y,
    series: [{ name: "a", points: values.map((v) => ({ x: v, y: v })) }],
  }),
  describeChart.ecdf({
    title: "ECDF",
    x: y,
    samples: [
      { name: "a", values },
      { name: "b", values },
    ],
  }),
  describeChart.percentiles({
    title: "Tails",
    x: y,
    samples: [{ name: "a", values }],
    marks: [{ x: 100, label: "SLO" }],
  }),
  describeChart.histogram({ title: "Histogram", x: y, samples: [{ name: "a", values }] }),
  describeChart.bars({ title: "Bars", y, categories: ["a", "b"], series: [{ name: "s", values: [1, 2] }] }),
  describeChart.waterfall({ title: "Waterfall", y, categories: ["a", "b"], series: [{ name: "s", values: [1, 2] }] }),
  describeChart.heatmap({
    title: "Heat",
    x: { ...x, values: [1, 2] },
    y: { ...y, values: [1, 2] },
    z: { label: "z" },
    values: [1, 2, 3, 4],
  }),
];

/** Whether anything was painted on the last canvas. */
const inked = (page: Page) =>
  page.evaluate(() => {
    const canvas = [...document.querySelectorAll("canvas")].at(-1)!;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    return data.some((v) => v > 0);
  });

test("every kind is painted, with its finding for those who don't see it and its data as a table", async ({ page }) => {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await open(page);
  for (const d of every) {
    await show(page, d);
    const chart = page.locator("perf-chart").last();
    await expect(chart.getByRole("img")).toHaveAccessibleName(d.finding);
    await expect(chart.locator(".chart-badge")).toHaveText("simulated · seed 7");
    expect(await inked(page), d.kind).toBe(true);
    await chart.getByText("Data", { exact: true }).click();
    await expect(chart.locator("tbody tr")).toHaveCount(d.table.rows.length);
  }
  expect(errors).toEqual([]);
});

test("a table has no picture: its data stand open", async ({ page }) => {
  await open(page);
  await show(page, describeChart.table({ title: "T", columns: ["a"], rows: [[1], [2]] }));
  await expect(page.locator("tbody tr")).toHaveCount(2);
  await expect(page.locator(".chart-plot")).toBeHidden();
});

test("axe finds nothing, in light and in dark", async ({ page }) => {
  await open(page);
  for (const d of [every[0]!, every[7]!, describeChart.table({ title: "T", columns: ["", "a"], rows: [["x", 1]] })])
    await show(page, d);
  for (const theme of ["light", "dark"]) {
    await page.evaluate((t) => (document.documentElement.dataset["theme"] = t), theme);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
});

test("new data of the same kind are drawn on the same canvas, and the table follows", async ({ page }) => {
  await open(page);
  await show(page, line(0.001));
  await page.evaluate(() => (document.querySelector("canvas")!.dataset["first"] = "yes"));
  await page.getByText("Data", { exact: true }).click();
  await show(page, line(0.002), true);
  await expect(page.locator("canvas")).toHaveAttribute("data-first", "yes");
  await expect(page.locator("tbody tr").last()).toContainText("0.016");
  await expect(page.locator(".chart-finding")).toHaveText(line(0.002).finding);
});

test("another kind takes the place of the first", async ({ page }) => {
  await open(page);
  await show(page, line(0.001));
  await show(page, every[7]!, true);
  await expect(page.locator("canvas")).toHaveCount(1);
  expect(await inked(page)).toBe(true);
});

test("a change of theme draws again in its colours", async ({ page }) => {
  await open(page);
  await show(page, every[0]!);
  const pixels = () => page.evaluate(() => document.querySelector("canvas")!.toDataURL());
  const light = await pixels();
  await page.evaluate(() => (document.documentElement.dataset["theme"] = "dark"));
  await expect.poll(async () => (await page.locator("canvas").count()) === 1 && (await pixels()) !== light).toBe(true);
});

test("removing a chart leaves no canvas and no error, and putting it back draws it", async ({ page }) => {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await open(page);
  await show(page, every[0]!);
  await page.evaluate(() => {
    const chart = document.querySelector("perf-chart")!;
    chart.remove();
    (window as unknown as { kept: Element }).kept = chart;
  });
  expect(await page.evaluate(() => (window as unknown as { kept: Element }).kept.querySelector("canvas"))).toBeNull();
  await page.evaluate(() => document.querySelector("main")!.append((window as unknown as { kept: Element }).kept));
  await expect.poll(() => page.locator("canvas").count()).toBe(1);
  expect(errors).toEqual([]);
});

test("the data can be taken away as CSV, with every digit", async ({ page }) => {
  await open(page);
  await show(page, every[0]!);
  await page.getByText("Data", { exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("bargain.csv");
  const text = await readFile(await download.path(), "utf8");
  expect(text).toBe("batch size,TPOT (s)\r\n1,0.001\r\n2,0.002\r\n4,0.004\r\n8,0.008\r\n");
});
