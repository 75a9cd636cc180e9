import { readFile } from "node:fs/promises";
import type { LabSection } from "../../src/components/lab/LabSurface.tsx";
import { LabPage } from "./lab-page.ts";
import { expect, test } from "./test.ts";

test("runs are kept with their values, compared with charts laid over one another, and say what changed", async ({
  page,
}) => {
  const lab = await LabPage.open(page);
  await lab.run();
  await lab.run((await lab.starter()).replace("anatomy(2000, 50, rtt, ahead)", "anatomy(4000, 50, rtt, ahead)"));
  await lab.lab.getByRole("tab", { name: /^Runs/ }).click();
  const rows = lab.lab.locator(".kept-run");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("Network round trip");
  await expect(rows.first()).toContainText("writer versus reader");
  await rows.nth(1).getByRole("checkbox").check();
  await rows.nth(0).getByRole("checkbox").check();
  await lab.button("compare-runs").click();
  const comparison = lab.lab.locator('[data-part="run-comparison"]');
  await expect(comparison.locator(".kept-diff")).toContainText("anatomy(4000, 50, rtt, ahead)");
  await expect(comparison.locator("perf-chart").first()).toBeVisible();
  await expect(comparison).toContainText("Run 1 → Run 2");
  await lab.button("close-run-comparison").click();
  await expect(rows).toHaveCount(2);
});

test("a run is named, pinned, deleted and brought back, and all of it outlives a reload", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.run();
  await lab.run();
  const tab = lab.lab.getByRole("tab", { name: /^Runs/ });
  await tab.click();
  const rows = lab.lab.locator(".kept-run");
  await rows.nth(1).locator('[data-action="name-run"]').click();
  await rows.nth(1).getByRole("textbox").fill("before the fix");
  await page.keyboard.press("Enter");
  await expect(rows.nth(1)).toContainText("before the fix");
  await rows.nth(1).locator('[data-action="pin-run"]').click();
  await expect(rows.first()).toContainText("before the fix");
  await rows.nth(1).locator('[data-action="delete-run"]').click();
  await expect(rows).toHaveCount(1);
  await lab.button("undo-delete").click();
  await expect(rows).toHaveCount(2);
  await page.reload();
  await lab.lab.scrollIntoViewIfNeeded();
  await tab.click();
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("before the fix");
});

test("runs go out as JSON and CSV and come back, and a foreign file is refused in words", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.run();
  await lab.lab.getByRole("tab", { name: /^Runs/ }).click();
  const rows = lab.lab.locator(".kept-run");
  const saved = async (action: string) => {
    const download = page.waitForEvent("download");
    await lab.button(action).click();
    return readFile(await (await download).path());
  };
  const json = await saved("runs-json");
  const csv = await saved("runs-csv");
  expect(csv.toString()).toContain("name,date,lab");
  await rows.first().getByRole("checkbox").check();
  await lab.button("delete-runs").click();
  await expect(rows).toHaveCount(0);
  const add = async (name: string, buffer: Buffer) => {
    const chooser = page.waitForEvent("filechooser");
    await lab.button("runs-import").click();
    await (await chooser).setFiles({ name, mimeType: "text/plain", buffer });
  };
  await add("runs.json", json);
  await expect(rows).toHaveCount(1);
  await expect(lab.lab.locator(".kept")).toContainText("One run is added.");
  await add("notes.txt", Buffer.from("hello"));
  await expect(lab.lab.locator(".kept")).toContainText("notes.txt was not read");
  await add("runs.csv", csv);
  await expect(lab.lab.locator(".kept")).toContainText("were here already");
});

test("a run kept by version 1 is still there, and says what is not known of it", async ({ page }) => {
  await page.goto("glossary/");
  await page.evaluate(async () => {
    await new Promise<void>((resolve, reject) => {
      const gone = indexedDB.deleteDatabase("ai-performance-engineering");
      gone.onsuccess = () => {
        const open = indexedDB.open("ai-performance-engineering", 1);
        open.onupgradeneeded = () => {
          for (const name of ["progress", "predictions", "drafts", "runs", "runData", "settings"])
            open.result.createObjectStore(name, { keyPath: "id" });
          open.transaction!.objectStore("runs").put({
            id: "anatomy-of-one-request:2026-01-01T00:00:00.000Z",
            lab: "anatomy-of-one-request",
            name: "Run 1",
            date: "2026-01-01T00:00:00.000Z",
            origin: "simulated",
            target: "simulated server",
            pinned: false,
            summary: { medianE2eMs: 12 },
          });
        };
        open.onsuccess = () => (open.result.close(), resolve());
        open.onerror = () => reject(new Error("not opened"));
      };
    });
  });
  const lab = await LabPage.open(page);
  await lab.run();
  await lab.lab.getByRole("tab", { name: /^Runs/ }).click();
  const rows = lab.lab.locator(".kept-run");
  await expect(rows).toHaveCount(2);
  await rows.nth(1).getByRole("checkbox").check();
  await rows.nth(0).getByRole("checkbox").check();
  await lab.button("compare-runs").click();
  await expect(lab.lab.locator('[data-part="run-comparison"]')).toContainText("The code of one of them is not kept");
});

test("of a thousand kept runs few are in the page at once", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.run();
  await lab.lab.evaluate(async (section: LabSection) => {
    const { runs } = section.store!;
    const [one] = runs.list.value;
    await runs.add(
      Array.from({ length: 1000 }, (_, i) => ({ ...one!, id: `${one!.id}#${i}`, name: `Run ${i + 2}` })),
      [],
    );
  });
  await lab.lab.getByRole("tab", { name: /^Runs 1001/ }).click();
  await expect(lab.lab.locator(".kept-run")).toHaveCount(20);
  await lab.button("more-runs").click();
  await expect(lab.lab.locator(".kept-run")).toHaveCount(120);
});

test("a browser without room says so and loses nothing; what had no room is kept once there is", async ({
  page,
  baseURL,
}) => {
  const browser = await page.context().newCDPSession(page);
  const { origin } = new URL(baseURL!);
  await browser.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 4_000_000 });
  const lab = await LabPage.open(page);
  await lab.run();
  const rows = lab.lab.locator(".kept-run");
  const notice = lab.lab.locator('[data-part="notice"]');
  await lab.lab.evaluate(async (section: LabSection) => {
    const { runs } = section.store!;
    const [one] = runs.list.value;
    const large = { ...one!, id: `${one!.id}#2`, name: "A large run" };
    const chart = { description: { kind: "table", title: "x".repeat(6_000_000) } };
    await runs.add([large], [{ id: large.id, date: large.date, runs: [], charts: [chart as never] }]);
  });
  await expect(notice).toContainText("storage is full");
  await lab.lab.getByRole("tab", { name: /^Runs 2/ }).click();
  await expect(rows).toHaveCount(2);
  await browser.send("Storage.overrideQuotaForOrigin", { origin });
  const small = rows.filter({ hasText: "Run 1" });
  await small.locator('[data-action="delete-run"]').click();
  await expect(notice).toContainText("There is room again");
  await page.reload();
  await lab.lab.scrollIntoViewIfNeeded();
  await lab.lab.getByRole("tab", { name: /^Runs 1/ }).click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("A large run");
  const kept = await lab.lab.evaluate(async (section: LabSection) => {
    const { runs } = section.store!;
    return (await runs.data(runs.list.value[0]!.id))?.charts[0]?.description.title.length;
  });
  expect(kept).toBe(6_000_000);
});
