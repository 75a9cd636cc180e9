/** The renderer dies in mid-edit and in mid-run, and a frame answers late: nothing is lost, and nothing runs by itself. */
import type { LabSection } from "../../src/components/lab/LabSurface.tsx";
import { LabPage } from "./lab-page.ts";
import { stored } from "./measuring.ts";
import { expect, test, type Page } from "./test.ts";

/** Kills the page's renderer; no handler of the page gets to run. */
async function crash(page: Page): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  void client.send("Page.crash").catch(() => undefined);
  await crashed;
}

for (const [when, code] of [
  ["mid-edit", 'console.log("typed before the crash");\n'],
  ["mid-run", 'console.log("typed before the crash");\nfor (;;) {}\n'],
] as const)
  test(`a renderer killed in ${when} loses nothing typed a second before, and nothing runs by itself`, async ({
    page,
    context,
  }) => {
    const lab = await LabPage.open(page);
    await lab.setCode(code);
    if (when === "mid-run") {
      await lab.start();
      await expect(lab.status).toContainText("Running");
    }
    await stored(page, code);
    await crash(page);
    const again = await LabPage.open(await context.newPage());
    expect(await again.code()).toBe(code);
    await expect(again.lab.locator('[data-part="notice"]')).toContainText("draft from");
    await again.page.waitForTimeout(500);
    const ran = await again.lab.evaluate((section: LabSection) => {
      const { busy, finished } = section.store!;
      return busy.value || finished.value !== null;
    });
    expect(ran).toBe(false);
    await expect(again.console).toBeHidden();
  });

test("a sandbox frame that is slow to confirm the end of a run takes no other run with it", async ({ page }) => {
  // Holds back what the frame says of ended workers, as a busy machine does.
  await page.addInitScript(() => {
    let released: Event | null = null;
    addEventListener("message", (event) => {
      const data = event.data as { type?: unknown } | null;
      if (data?.type !== "ended" || event === released) return;
      event.stopImmediatePropagation();
      setTimeout(() => {
        const { origin, source } = event;
        released = new MessageEvent("message", { data: event.data as unknown, origin, source });
        dispatchEvent(released);
      }, 1500);
    });
  });
  const lab = await LabPage.open(page);
  const frame = await page.locator('iframe[title^="Lab sandbox"]').elementHandle();
  await lab.lab.locator('[data-part="prediction"] input[name="value"]').fill("4");
  await lab.run();
  await expect(lab.lab.locator('[data-part="verdict"]')).toContainText("4 times");
  for (let run = 0; run < 3; run++) {
    await lab.run();
    await expect(lab.status).toContainText("Ran");
  }
  await page.waitForTimeout(1000);
  expect(await frame!.evaluate((element) => element.isConnected), "the frame was not replaced").toBe(true);
});
