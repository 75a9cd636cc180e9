import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { parseAllDocuments } from "yaml";
import { expect, test } from "./test.ts";

const load = "tools/estimator/#mode=own&in=900&out=200&calls=200000&ttft=800&tpot=50";
const cheap = new URLSearchParams({ find: "gpus=l40s%2C+h100-sxm-80&ttft99=900&weights=own&go=1" }).toString();

test("an address alone searches; rows are sorted, one is taken away and used; a budget that is too small says what is nearest", async ({
  page,
}) => {
  await page.goto(`${load}&${cheap}`);
  const finder = page.locator('astro-island:not([ssr]) [data-part="finder"]');
  await expect(finder).toHaveAttribute("data-search", "done", { timeout: 30_000 });
  const rows = finder.locator("[data-plan]");
  await expect(finder.locator('[data-part="found"]')).toContainText("Simulated with 400 requests");
  const cheapest = (await rows.first().getAttribute("data-plan"))!;
  await finder.locator('[data-action="sort-p99"]').click();
  await expect(finder.locator('th[aria-sort="ascending"]')).toContainText("p99 E2E");
  await expect(rows.first()).not.toHaveAttribute("data-plan", cheapest);
  await finder.locator('[data-action="sort-usd"]').click();
  await expect(rows.first()).toHaveAttribute("data-plan", cheapest);
  await expect(finder.locator("perf-chart")).toBeVisible();

  await rows.first().locator('[data-action="take"]').click();
  await expect(finder.locator('[data-piece="vllm"] pre')).toContainText("vllm serve meta-llama/Llama-3.1-8B");
  await expect(finder.locator('[data-piece="sglang"] pre')).toContainText("python -m sglang.launch_server");
  const saving = page.waitForEvent("download");
  await finder.locator('[data-action="save-kubernetes"]').click();
  const manifest = await readFile(await (await saving).path(), "utf8");
  expect(manifest).toContain("# Not run.");
  expect(parseAllDocuments(manifest)).toHaveLength(2);
  const { violations } = await new AxeBuilder({ page })
    .include('[data-part="finder"]')
    .options({ resultTypes: ["violations"] })
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);

  await rows.first().locator('[data-action="use"]').click();
  await expect(page.getByLabel("GPU", { exact: true })).toHaveValue(/^(l40s|h100-sxm-80)$/);
  await expect(page).toHaveURL(/weights=.*find=/);

  await finder.getByLabel("Budget").fill("100");
  await finder.getByLabel("Budget").blur();
  await expect(finder).toContainText("has changed since this search");
  await finder.locator('[data-action="find"]').click();
  await expect(finder.locator('[data-part="nothing"]')).toContainText("raise the budget by $", { timeout: 30_000 });
  await expect(finder.locator('[data-reason="overBudget"]')).toHaveCount(1);
});

test("a search is cancelled, and what is wrong stands beside its field", async ({ page }) => {
  // The worker does not arrive, so that what runs can't end before it is cancelled.
  await page.route(/finder-worker/, () => {});
  await page.goto(load);
  const finder = page.locator('astro-island:not([ssr]) [data-part="finder"]');
  await finder.getByLabel("Budget").fill("much");
  await finder.getByLabel("Budget").blur();
  await expect(finder.getByRole("alert")).toContainText("USD a month");
  await expect(finder.locator('[data-action="find"]')).toHaveAttribute("aria-disabled", "true");
  await finder.getByLabel("Budget").fill("9000");
  await finder.getByLabel("Budget").blur();
  await finder.locator('[data-action="find"]').click();
  await finder.locator('[data-action="find-stop"]').click();
  await expect(finder).toHaveAttribute("data-search", "stopped");
  await expect(finder).toContainText("was cancelled");
});
