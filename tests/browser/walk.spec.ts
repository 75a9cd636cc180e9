/**
 * The course as a newcomer walks it: every page from the home page on, and on the home page and each lesson the first lab run, solved and
 * checked. The others have their turn in course.long.spec.ts, and their proofs in tests/labs.
 */
import { LabPage } from "./lab-page.ts";
import { expect, test } from "./test.ts";

test("every page that the home page leads to opens without an error, and the first lab of a lesson runs and can be solved", async ({
  page,
  baseURL,
}) => {
  test.setTimeout(240_000);
  const queue = [baseURL ?? ""];
  const seen = new Set(queue);
  const labs: string[] = [];
  for (let url = queue.shift(); url; url = queue.shift()) {
    await page.goto(url);
    await expect(page.locator("h1")).toHaveCount(1);
    const links = await page.locator("a[href]").evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href));
    for (const link of links.map((href) => href.split(/[#?]/)[0] ?? ""))
      // Other languages have languages.spec.ts.
      if (link.startsWith(baseURL ?? "") && link.endsWith("/") && !/\/(source|de)\//.test(link) && !seen.has(link)) {
        seen.add(link);
        queue.push(link);
      }
    if (url !== baseURL && !url.includes("/lessons/")) continue;
    const ids = await page.locator("[data-lab]").evaluateAll((all) => all.map((lab) => lab.id.slice(4)));
    for (const id of ids.filter((each) => !labs.includes(each)).slice(0, 1)) {
      const lab = new LabPage(page, id);
      // The one on the home page comes alive when somebody reaches for it.
      await lab.lab.hover();
      await expect(lab.lab).toHaveAttribute("data-ready", "");
      await lab.run();
      await expect(lab.status).toContainText("Ran in");
      await expect(lab.charts.first()).toBeVisible();
      await lab.button("solution").click();
      await expect(lab.button("check")).toHaveText("Check solution");
      await lab.check();
      const checks = lab.lab.locator('[data-part="checks"] li');
      const passed = checks.and(page.locator('[data-state="passed"]'));
      await expect(passed).toHaveCount(await checks.count(), { timeout: 60_000 });
      labs.push(id);
    }
  }
  expect(labs.length).toBeGreaterThanOrEqual(3);
});
