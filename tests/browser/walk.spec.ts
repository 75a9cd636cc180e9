/** The whole course as a newcomer walks it: every page from the home page on, and every lab run, solved and checked. */
import { expect, test } from "@playwright/test";

test("every page that the home page leads to opens without an error, and every lab on it runs and can be solved", async ({
  page,
  baseURL,
}) => {
  test.setTimeout(240_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
  const queue = [baseURL ?? ""];
  const seen = new Set(queue);
  const labs: string[] = [];
  for (let url = queue.shift(); url; url = queue.shift()) {
    await page.goto(url);
    await expect(page.locator("h1")).toHaveCount(1);
    const links = await page.locator("a[href]").evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href));
    for (const link of links.map((href) => href.split(/[#?]/)[0] ?? ""))
      if (link.startsWith(baseURL ?? "") && link.endsWith("/") && !link.includes("/source/") && !seen.has(link)) {
        seen.add(link);
        queue.push(link);
      }
    for (const lab of await page.locator("perf-lab").all()) {
      await lab.scrollIntoViewIfNeeded();
      await expect(lab).toHaveAttribute("data-ready", "");
      await lab.locator('[data-action="run"]').click();
      await expect(lab.locator('[data-part="status"]')).toContainText("Ran in");
      await expect(lab.locator("perf-chart").first()).toBeVisible();
      await lab.locator('[data-action="solution"]').click();
      await lab.locator('[data-action="check"]').click();
      const checks = lab.locator('[data-part="checks"] li');
      const passed = checks.and(page.locator('[data-state="passed"]'));
      await expect(passed).toHaveCount(await checks.count(), { timeout: 60_000 });
      labs.push((await lab.getAttribute("data-lab")) ?? "");
    }
  }
  expect(errors).toEqual([]);
  expect(labs.length).toBeGreaterThanOrEqual(3);
});
