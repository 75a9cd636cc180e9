import { expect, test, type Page } from "./test.ts";
import { LabPage } from "./lab-page.ts";

const endless = "for (;;) {}";

/** Counts a 10 ms timer of the page from now on. */
async function startTicking(page: Page): Promise<void> {
  await page.evaluate(() => {
    Reflect.set(globalThis, "ticks", 0);
    setInterval(() => Reflect.set(globalThis, "ticks", (Reflect.get(globalThis, "ticks") as number) + 1), 10);
  });
}
const ticks = (page: Page) => page.evaluate(() => Reflect.get(globalThis, "ticks") as number);

async function nextRunWorks(lab: LabPage): Promise<void> {
  await lab.run('console.log("alive");');
  await expect(lab.console).toContainText("alive");
}

test("Stop ends an endless loop while the page stays alive, and the next run works", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.setCode(endless);
  await startTicking(page);
  await lab.start();
  await expect.poll(() => ticks(page)).toBeGreaterThanOrEqual(20);
  await lab.button("stop").click();
  await lab.idle();
  await expect(lab.status).toContainText("Stopped by you");
  await nextRunWorks(lab);
});

test.describe("with a limit of 2 s", () => {
  test.beforeEach(({ page }) => LabPage.limit(page, 2));

  test("the watchdog ends an endless loop, and the next run works", async ({ page }) => {
    const lab = await LabPage.open(page);
    await lab.setCode(endless);
    await startTicking(page);
    await lab.run();
    expect(await ticks(page)).toBeGreaterThanOrEqual(20);
    await expect(lab.status).toContainText("Stopped: no sign of life for 2 s");
    await nextRunWorks(lab);
  });

  test("a memory bomb is stopped, and the next run works", async ({ page }) => {
    const lab = await LabPage.open(page);
    await lab.run("const kept: number[][] = [];\nfor (;;) kept.push(new Array(100_000).fill(kept.length));");
    await expect(lab.status).toContainText("Stopped");
    await nextRunWorks(lab);
  });

  test("a flood of messages is stopped, and the next run works", async ({ page }) => {
    const lab = await LabPage.open(page);
    await lab.run(
      'import { benchmark } from "perflab";\nexport {};\nconst w = { arrivals: { kind: "burst" }, prompt: { kind: "fixed", value: 1 }, output: { kind: "fixed", value: 1 }, requests: 1 } as const;\nfor (;;) { try { await benchmark(w); } catch {} console.log("x".repeat(4000)); }',
    );
    await expect(lab.status).toContainText("Stopped");
    await nextRunWorks(lab);
  });
});

test("a console flood keeps the first lines and says how many it dropped", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.run("for (let i = 0; i < 5000; i++) console.log(i);");
  await expect(lab.console).toContainText("4,000 more lines were not kept");
});
