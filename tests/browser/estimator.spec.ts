import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./test.ts";

const tool = "tools/estimator/";

test("an example in one click is simulated, opens its formulas, and comes back from its address alone", async ({
  page,
}) => {
  await page.goto(tool);
  await expect(page.locator('[data-part="empty"]')).toContainText("press one of the examples");
  // A press before the island lives is lost.
  await page.locator('astro-island:not([ssr]) [data-action="example-support"]').click();
  const month = page.locator('[data-figure="own-month"]');
  await expect(month).toContainText("$2,370");
  await month.locator("summary").press("Enter");
  await expect(month.locator("p")).toContainText("$78.00 × 30.4");
  const simulation = page.locator('[data-part="simulation"]');
  await expect(simulation).toHaveAttribute("data-state", "done", { timeout: 30_000 });
  const p99 = page.locator('[data-metric="ttft"] [data-q="99"]');
  await expect(p99).toContainText(/\d+\sms/);
  await expect(page.locator('[data-figure="safe-simulated"]')).toContainText("simulated");
  const seen = await p99.textContent();

  await page.locator('[data-action="keep"]').click();
  await page.getByLabel("GPU", { exact: true }).selectOption("l40s");
  await expect(page.locator('[data-part="compare"] thead th')).toHaveCount(2);
  await expect(page).toHaveURL(/gpu=l40s.*beside=/);
  await expect(simulation).toHaveAttribute("data-state", "done", { timeout: 30_000 });
  const { violations } = await new AxeBuilder({ page })
    .include(".est")
    .options({ resultTypes: ["violations"] })
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);

  const address = page.url();
  await page.goto("about:blank");
  await page.goto(address);
  await expect(page.getByLabel("GPU", { exact: true })).toHaveValue("l40s");
  await page.locator('[data-action="use-0"]').click();
  await expect(page.getByLabel("GPU", { exact: true })).toHaveValue("h100-sxm-80");
  // The same seed: the same percentile.
  await expect(p99).toHaveText(seen!, { timeout: 30_000 });

  const download = page.waitForEvent("download");
  await page.locator('[data-action="json"]').click();
  const saved = JSON.parse(await readFile(await (await download).path(), "utf8")) as {
    format: string;
    results: object[];
  };
  expect(saved.format).toBe("perflab-estimate");
  expect(saved.results.length).toBeGreaterThan(25);
  await page.locator('[data-action="lab"]').click();
  await expect(page).toHaveURL(/labs\/workspace\/#lab=/);
});

test("errors stand beside their fields, a simulation is stopped, and an API stands against own GPUs", async ({
  page,
}) => {
  // The worker does not arrive, so that what runs can't end before it is stopped.
  await page.route(/estimator-worker/, () => {});
  await page.goto(`${tool}#in=3000&out=300&calls=20000&ttft=1000`);
  const simulation = page.locator('[data-part="simulation"]');
  await expect(simulation).toContainText("Simulating the busiest hour");
  await page.locator('[data-action="stop"]').click();
  await expect(simulation).toHaveAttribute("data-state", "stopped");
  await expect(simulation).toContainText("was stopped; what you see is estimated");
  await expect(page.locator('[data-metric="ttft"] td').first()).toContainText("ms");
  await page.unroute(/estimator-worker/);
  await page.getByLabel("Tokens out", { exact: true }).fill("200");
  await expect(simulation).toHaveAttribute("data-state", "done", { timeout: 30_000 });

  const gpus = page.getByLabel("GPUs in all");
  await gpus.fill("3");
  await page.getByLabel("Tensor parallel").fill("2");
  await expect(page.getByRole("alert")).toContainText("can’t be parted into replicas of 2");
  await expect(gpus).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator('[data-figure="api-month"]')).toContainText("$");
  await expect(page.locator('[data-figure="own-month"]')).toHaveCount(0);
  await gpus.fill("2");
  await expect(page.locator('[data-figure="own-month"]')).toContainText("$4,750");
  await expect(page.locator('[data-part="break-even"]')).toContainText(/calls a month|Never/);

  await page.getByLabel("Calls a day").fill("50M");
  await expect(page.locator('[data-part="unstable"]')).toContainText("no latency to print");
  await expect(page.locator('[data-metric="ttft"]')).toHaveCount(0);
  await page.locator('[data-action="mode-api"]').click();
  await expect(page.locator('[data-part="memory"]')).toHaveCount(0);
  await expect(page.locator('[data-figure="api-day"]')).toContainText("$");
  await page.getByLabel("Model", { exact: true }).waitFor({ state: "detached" });
  await page.locator('[data-action="mode-own"]').click();
  await page.getByLabel("Model", { exact: true }).selectOption("config");
  await page.getByLabel("config.json of the model").fill("{ not json");
  await expect(page.getByRole("alert")).toContainText("not JSON");
});
