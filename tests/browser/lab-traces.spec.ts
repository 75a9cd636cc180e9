/** Recorded traffic in a lab: fetched on demand, asked for again when it did not come, and at hand without a network once it has. */
import { LabPage } from "./lab-page.ts";
import { expect, test } from "./test.ts";

test.use({ serviceWorkers: "allow" });

const isTrace = "/generated/trace-mooncake-conversation-";

test("a trace comes with the first run, fails in words with a way to try again, and then stays @base", async ({
  page,
  context,
}) => {
  const asked: string[] = [];
  context.on("request", (request) => request.url().includes(isTrace) && asked.push(request.url()));
  const lab = await LabPage.open(page, "cache-or-router", "labs/cache-or-router/");
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await expect(lab.lab.locator('[data-part="replays"]')).toContainText("12,031 recorded requests, 269 kB");
  // The solution is there once the lab's code is.
  await lab.button("solution").click();
  await expect(lab.button("solution")).toHaveText("Back to my code");
  await lab.button("solution").click();
  expect(asked, "before it is needed").toEqual([]);

  await context.setOffline(true);
  await lab.run();
  await expect(lab.problems).toContainText(
    "The trace mooncake-conversation could not be loaded: there is no connection",
  );
  await expect(lab.status).toHaveText("Not run.");

  await context.setOffline(false);
  await lab.button("retry").click();
  await expect(lab.charts.first()).toBeVisible();
  await lab.idle();
  await expect(lab.problems).toBeHidden();

  const url = asked.at(-1) ?? "";
  await expect
    .poll(() => page.evaluate(async (trace) => (await caches.match(trace)) !== undefined, url), "stored")
    .toBe(true);
  await context.setOffline(true);
  const again = await page.evaluate(
    async (trace) => ((await (await fetch(trace)).json()) as { requests: number }).requests,
    url,
  );
  expect(again).toBe(12_031);
});
