import { expect, test } from "./test.ts";
import { LabPage } from "./lab-page.ts";
import { lastRun, notes } from "./measuring.ts";

const id = "your-first-real-stream";
const inThisTab = "A real engine in this tab";

test("the same code measures a real engine in this tab, without asking and without a server", async ({ page }) => {
  const posted: string[] = [];
  page.on("request", (request) => request.method() === "POST" && posted.push(request.url()));
  const lab = await LabPage.open(page, id);
  await lab.lab.getByLabel(inThisTab).check();
  await lab.run();
  await expect(lab.status).toContainText("measured");
  await expect(notes(lab)).toContainText("Of 12 requests, 12 succeeded.");
  for (const badge of await lab.charts.locator(".chart-badge").all()) await expect(badge).toContainText("easured");
  expect((await lastRun(page)).origin).toMatchObject({ kind: "measured", target: "llama.cpp in this tab" });
  expect(posted).toEqual([]);
});

test("a browser that can't run the engine is told why and what to do instead", async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(WebAssembly, "Suspending"));
  const lab = await LabPage.open(page, id);
  await lab.lab.getByLabel(inThisTab).check();
  await expect(lab.lab.locator('[data-part="target"]')).toContainText("lacks JavaScript promise integration");
  await lab.run();
  await expect(lab.problems).toContainText("measure an endpoint by URL");
});
