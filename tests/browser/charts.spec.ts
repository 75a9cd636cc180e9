import { readFile } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Page } from "./test.ts";
import { shownTable } from "../../src/components/charts/cells.ts";
import { readingsOf } from "../../src/components/charts/readings.ts";
import * as describeChart from "../../src/engine/chart/index.ts";
import { open, show } from "./chart-page.ts";

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
  await expect(page.locator("tbody tr").last()).toContainText("16");
  await expect(page.getByRole("img")).toHaveAccessibleName(line(0.002).finding);
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

const two = describeChart.line({
  title: "Two lines",
  x: { label: "batch size", scale: "log" },
  y,
  series: [1, 3].map((by) => ({
    name: `${by} GPUs`,
    points: [1, 2, 4, 8, 16].map((b) => ({ x: b, y: (0.004 * b) / by, label: `batch ${b}` })),
  })),
});
const stage = (page: Page) => page.locator(".chart-stage");
const reading = (page: Page) => page.locator(".chart-reading");
const everything = (page: Page) => page.getByRole("button", { name: "Show everything" });
const pixels = (page: Page) => page.evaluate(() => document.querySelector("canvas")!.toDataURL());

test("arrow keys read each value aloud, in the words and units of the picture", async ({ page }) => {
  await open(page);
  await show(page, two);
  await stage(page).focus();
  const said = readingsOf(two);
  await page.keyboard.press("ArrowRight");
  await expect(reading(page)).toHaveText(said.text(0, 0));
  await expect(reading(page)).toHaveText("1 GPUs: TPOT 4 ms at batch size 1 · batch 1");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await expect(reading(page)).toHaveText(said.text(1, 1));
  await page.keyboard.press("End");
  await expect(reading(page)).toHaveText(said.text(1, 4));
  await page.keyboard.press("ArrowLeft");
  await expect(reading(page)).toHaveText(said.text(1, 3));
  await expect(reading(page)).toHaveAttribute("aria-live", "polite");
  await expect(page.locator(".chart-tip")).toHaveText(said.text(1, 3));
});

test("a pointer reads the value under it", async ({ page }) => {
  await open(page);
  await show(page, two);
  const box = (await stage(page).boundingBox())!;
  await page.mouse.move(box.x + box.width - 12, box.y + 60);
  await expect(page.locator(".chart-tip")).toHaveText(readingsOf(two).text(0, 4));
});

test("keys, wheel and drag zoom, and everything can be shown again", async ({ page }) => {
  await open(page);
  await show(page, two);
  const whole = await pixels(page);
  await stage(page).focus();
  await page.keyboard.press("+");
  await expect(everything(page)).toBeVisible();
  await expect.poll(() => pixels(page)).not.toBe(whole);
  await page.keyboard.press("0");
  await expect(everything(page)).toBeHidden();
  await expect.poll(() => pixels(page)).toBe(whole);

  const box = (await stage(page).boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, -300);
  await everything(page).click();
  await expect(everything(page)).toBeHidden();

  await page.mouse.move(box.x + 200, box.y + 120);
  await page.mouse.down();
  await page.mouse.move(box.x + 420, box.y + 124, { steps: 4 });
  await expect(page.locator(".chart-brush")).toBeVisible();
  await page.mouse.up();
  await expect(everything(page)).toBeVisible();
  await stage(page).dblclick();
  await expect(everything(page)).toBeHidden();
});

test("the wheel over a chart that nobody picked scrolls the page", async ({ page }) => {
  await open(page);
  for (const d of every.slice(0, 4)) await show(page, d);
  const box = (await stage(page).first().boundingBox())!;
  await page.mouse.move(box.x + 200, box.y + 100);
  await page.mouse.wheel(0, 200);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
  await expect(everything(page).first()).toBeHidden();
});

test("the legend switches a series off, for the picture and for the keys", async ({ page }) => {
  await open(page);
  await show(page, two);
  const both = await pixels(page);
  const first = page.getByRole("button", { name: "1 GPUs" });
  await first.click();
  await expect(first).toHaveAttribute("aria-pressed", "false");
  await expect.poll(() => pixels(page)).not.toBe(both);
  await stage(page).focus();
  await page.keyboard.press("ArrowRight");
  await expect(reading(page)).toHaveText(readingsOf(two).text(1, 0));
  await first.click();
  await page.mouse.move(0, 0);
  await page.locator("h1").click();
  await expect.poll(() => pixels(page)).toBe(both);
});

test("the badge opens what the numbers are worth, with a link", async ({ page }) => {
  await open(page);
  await show(page, two);
  await page.locator(".chart-badge").click();
  await expect(page.locator(".chart-worth")).toContainText(/time per output token is off by [\d.]+ % in the median/);
  await expect(page.getByRole("link", { name: "How we know" })).toHaveAttribute("href", /accuracy/);
});

test("the table is in the units of the picture, one row a point", async ({ page }) => {
  await open(page);
  await show(page, two);
  await page.getByText("Data", { exact: true }).click();
  await expect(page.locator("thead th")).toHaveText(["series", "batch size", "TPOT (ms)", "label"]);
  await expect(page.locator("tbody tr")).toHaveCount(10);
  const table = shownTable(two);
  const cells = Array.from({ length: 10 }, (_, r) => table.columns.map((_name, c) => table.cell(r, c)));
  for (const [r, row] of cells.entries()) await expect(page.locator("tbody tr").nth(r).locator("td")).toHaveText(row);
});

test("on paper each chart is a picture in light colours, dark theme or not, and its controls stay away", async ({
  page,
}) => {
  await open(page);
  await page.evaluate(() => (document.documentElement.dataset["theme"] = "dark"));
  await show(page, two);
  await page.emulateMedia({ media: "print" });
  const picture = page.locator(".chart-print svg");
  await expect(picture).toBeVisible();
  await expect(page.locator("canvas")).toBeHidden();
  await expect(page.locator(".chart-data")).toBeHidden();
  const paper = await page.evaluate(() =>
    getComputedStyle(document.querySelector("perf-chart")!).getPropertyValue("--paper"),
  );
  expect(paper.trim()).toBe("#fcfcf8");
  await page.emulateMedia({ media: "screen" });
  await expect(picture).toHaveCount(0);
  await expect(page.locator("canvas")).toBeVisible();
});

test("the picture can be taken away", async ({ page }) => {
  await open(page);
  await show(page, two);
  await page.getByText("Data", { exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download picture" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("two-lines.png");
  expect((await readFile(await download.path())).subarray(1, 4).toString()).toBe("PNG");
});
