/** The home page as a stranger meets it: a lab that runs at once and costs nothing before, and the way back in. */
import { LabPage } from "./lab-page.ts";
import { expect, test } from "./test.ts";

test("the lab on the first screen is fetched when somebody reaches for it, and runs without the editor @base", async ({
  page,
}) => {
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("", { waitUntil: "networkidle" });
  const lab = new LabPage(page, "sixty-four-at-once");
  await expect(lab.button("run")).toBeInViewport({ ratio: 1 });
  expect(fetched.filter((path) => /generated|(LabSurface|perf-chart).*js$/.test(path))).toEqual([]);
  await lab.lab.getByRole("textbox", { name: /^Predict/ }).fill("64");
  await lab.lab.getByRole("button", { name: "Lock in" }).click();
  await lab.button("run").click();
  await expect(lab.lab.locator(".lab-verdict")).toContainText("52.5 too high");
  await expect(lab.charts.first()).toBeVisible();
  expect(fetched.filter((path) => /monaco|editor/.test(path))).toEqual([]);
});

test("a part that is written says its length; one that is not is no link", async ({ page }) => {
  await page.goto("");
  const parts = page.locator("#parts li");
  await expect(parts).toHaveCount(8);
  await expect(parts.first()).toContainText(/\d+ min to read, \d+ with its \d+ labs/);
  for (const part of await parts.filter({ hasText: "in preparation" }).all())
    await expect(part.locator("a")).toHaveCount(0);
});
