import type { PerfChart } from "../../src/components/charts/perf-chart.ts";
import { expect, test, type Page } from "./test.ts";

const field = (page: Page, name: string) => page.locator(`input[name="${name}"]`);
const simulated = (page: Page) => page.locator('[data-part="simulated"]');
/** What the chart itself holds. */
const ttfts = (page: Page) =>
  page
    .locator('[data-chart="Time to first token"] perf-chart')
    .evaluate((chart) => (chart as PerfChart).description?.table.rows.join(";"));

async function drop(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([name, text]) => {
      const given = new DataTransfer();
      given.items.add(new File([text], name));
      return given;
    },
    [name, text] as const,
  );
  await page.locator('[data-part="trace"] section').dispatchEvent("drop", { dataTransfer });
}

test("charts follow a slider while it is dragged, the address alone brings all back, and a trace is replayed or refused in words", async ({
  page,
}) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(`${request.method()} ${request.url()} ${request.postData() ?? ""}`));
  await page.goto("tools/simulator/#rate=4&requests=300&held=rate%3D2%26requests%3D300");
  await expect(field(page, "rate")).toHaveValue("4");
  await expect(simulated(page)).toContainText("Simulated 300 requests");
  await expect(page.locator('[data-held="A"]')).toContainText("Rate 2");
  await expect.poll(() => ttfts(page)).toContain(";");

  const before = await ttfts(page);
  const slider = field(page, "rate-slider");
  const { x, y, width, height } = (await slider.boundingBox())!;
  const middle = y + height / 2;
  await page.mouse.move(x + width * 0.4, middle);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.85, middle, { steps: 5 });
  // The button is still down.
  await expect.poll(() => ttfts(page)).not.toBe(before);
  await page.mouse.up();
  const rate = await field(page, "rate").inputValue();
  expect(Number(rate)).toBeGreaterThan(20);
  await expect(page).toHaveURL(new RegExp(`rate=${rate}&`));

  await field(page, "rate").fill("plenty");
  await expect(page.locator('[data-knob="rate"] [role="alert"]')).toContainText(
    "It must be a number from 0.001 to 10,000.",
  );
  await field(page, "rate").fill("6");
  await expect(page.locator('[data-knob="rate"] [role="alert"]')).toHaveCount(0);
  await page.locator('[data-action="hold"]').click();
  await expect(page.locator('[data-held="B"]')).toBeVisible();

  await page.locator('select[name="arrivals"]').selectOption("own");
  await expect(page.locator('[data-part="no-trace"]')).toBeVisible();
  await drop(page, "bad.csv", "arrival,prompt,output\n0,812,16\n1,lots,4\n");
  await expect(page.locator('[data-part="trace-problem"]')).toHaveText(
    'Line 3, column prompt: it is "lots"; it must be a whole number of tokens up to 10000000.',
  );
  await drop(
    page,
    "mine.csv",
    `arrival,prompt,output\n${Array.from({ length: 70 }, (_, i) => `${i / 9},777${i},40`).join("\n")}\n`,
  );
  await expect(page.locator('[data-part="trace-said"]')).toContainText("70 requests in 7.67 s");
  await expect(page.locator('[data-part="trace-problem"]')).toHaveCount(0);
  await expect(simulated(page)).toContainText("Simulated 70 requests");
  await expect(page).toHaveURL(/trace-name=mine.csv/);

  await page.locator('[data-action="lab"]').click();
  await expect(page).toHaveURL(/labs\/workspace\//);
  await expect(page.locator('[data-part="notice"]')).toContainText("This is a copy from a link");
  await expect(page.locator('[data-action="check"]')).toHaveCount(0);
  expect(asked.filter((line) => line.includes("777") || !line.startsWith("GET "))).toEqual([]);
});

test("a long run shows how far it is and is stopped; loads are swept and steps are watched", async ({ page }) => {
  await page.goto("tools/simulator/#requests=200000&output=3000&rate=30");
  const task = page.locator('[data-part="task"]');
  await expect(task).toContainText("Simulating all requests");
  await task.locator('[data-action="stop"]').click();
  await expect(task).toContainText("Stopped.");
  await expect(simulated(page)).toContainText("of 200,000 requests");

  await page.locator('[data-action="example-prefix"]').click();
  await field(page, "requests").fill("60");
  await expect(simulated(page)).toContainText("Simulated 60 requests");
  await page.locator('[data-action="sweep"]').click();
  await expect(page.locator('[data-part="safe"]')).toContainText("Requests per second: up to");
  await page.locator('[data-action="steps"]').click();
  const player = page.locator('[data-part="player"]');
  const said = player.locator("p").nth(1);
  const first = await said.innerText();
  await player.locator('[data-action="step-on"]').click();
  await expect(said).not.toHaveText(first);
});
