/** Reading and running without a network: what was visited, the whole course when asked for, and nothing that is not the site's own. */
import { expect, test, type Page } from "./test.ts";
import { LabPage } from "./lab-page.ts";

test.use({ serviceWorkers: "allow" });

/** Waits until the worker is in charge and has kept what the page had loaded before. */
async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const names = (await caches.keys()).filter((name) => name.startsWith("course "));
        const stored = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
        return stored.reduce((sum, n) => sum + n, 0);
      }),
    )
    .toBeGreaterThan(5);
}

const stored = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const keys = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return keys.flat().map(({ url }) => url);
  });

test("a page that was visited opens without a network, one that was not says so and leads back @base", async ({
  page,
  context,
}) => {
  await page.goto("");
  await ready(page);
  await page.goto("glossary/");
  await expect(page.locator("h1")).toHaveText("Glossary");
  await context.setOffline(true);
  await page.reload();
  await expect(page.locator("h1")).toHaveText("Glossary");
  await expect(page.locator(".course-header")).toHaveCSS("display", "flex");
  await page.goto("accuracy/");
  await expect(page.locator("h1")).toHaveText("This page is not stored on this device");
  await page.getByRole("link", { name: "Go to the start" }).click();
  await expect(page.locator(".home h1")).toBeVisible();
});

test("the whole course is stored when asked for; then every lab runs and search finds, without a network @base", async ({
  page,
  context,
}) => {
  test.setTimeout(120_000);
  await page.goto("accuracy/");
  await ready(page);
  const store = page.getByRole("button", { name: /Make available offline \(≈ \d+ MB\)/ });
  await page.locator(".colophon").scrollIntoViewIfNeeded();
  await store.click();
  await expect(page.locator("course-offline")).toContainText("The whole course is stored on this device.", {
    timeout: 90_000,
  });
  await context.setOffline(true);
  const lab = await LabPage.open(page);
  await lab.run();
  await expect(lab.charts.first()).toBeVisible();
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("goodput");
  await expect(page.locator(".pagefind-ui__result-link").first()).toBeVisible();
});

test("the worker keeps away from the runner's API, from paths that are no file of the site, and from other origins", async ({
  page,
  baseURL,
}) => {
  await page.goto("glossary/");
  await ready(page);
  const origin = new URL(baseURL ?? "").origin;
  const answers = await page.evaluate(async () => {
    const hello = await fetch("/api/hello");
    const endpoint = await fetch("/v1/models");
    return [hello.status, endpoint.status];
  });
  expect(answers).toEqual([200, 404]);
  const urls = await stored(page);
  expect(urls.length).toBeGreaterThan(5);
  expect(urls.filter((url) => !url.startsWith(baseURL ?? ""))).toEqual([]);
  expect(urls.filter((url) => /\/(api|v1)\//.test(new URL(url, origin).pathname))).toEqual([]);
});

test("with a network the page shown is the newest, not the stored one", async ({ page }) => {
  await page.goto("glossary/");
  await ready(page);
  await page.evaluate(async () => {
    const name = (await caches.keys()).find((each) => each.startsWith("course "))!;
    const headers = { "content-type": "text/html" };
    await (await caches.open(name)).put(location.href, new Response("<h1>An old copy</h1>", { headers }));
  });
  await page.reload();
  await expect(page.locator("h1")).toHaveText("Glossary");
});
