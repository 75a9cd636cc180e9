/** A reader measures an index in the browser, and stops a measurement that is too long. */
import { expect, test } from "./test.ts";

test("recall is measured in the reader's browser, and a measurement can be stopped", async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto("lessons/08-rag-and-vector-search/");
  const figure = page.locator("#live-search");
  await figure.scrollIntoViewIfNeeded();
  await expect(figure.locator("astro-island")).not.toHaveAttribute("ssr");
  const live = figure.locator(".live");
  await expect(live).toHaveAttribute("data-state", "still");

  await figure.getByRole("button", { name: "Measure in my browser" }).click();
  await expect(live).toHaveAttribute("data-state", "measured", { timeout: 90_000 });
  await expect(figure.locator(".live-says")).toContainText("Among 2,000 made-up vectors");
  await expect(figure.locator(".live-says")).toContainText("Measured here");
  await expect(figure.locator("dt")).toHaveCount(6);

  await figure.getByRole("slider", { name: "Vectors in each made-up collection" }).press("End");
  await figure.getByRole("button", { name: "Measure in my browser" }).click();
  await expect(live).toHaveAttribute("data-state", "measuring");
  await figure.getByRole("button", { name: "Stop" }).click();
  await expect(live).toHaveAttribute("data-state", "stopped");
  await expect(figure.locator(".live-says")).toContainText("Among 2,000 made-up vectors");
});
