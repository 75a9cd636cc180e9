/** How soon a lab's list of 1,000 kept runs stands open, beside the same list with every row drawn at once. Milliseconds. */
import type { Browser } from "@playwright/test";
import type { LabSection } from "../src/components/lab/LabSurface.tsx";
import { median } from "./report.ts";

const runs = 1_000;

/** `url`: of a page with the lab on it. */
export async function keptRuns(
  browser: Browser,
  url: string,
  lab: string,
  rounds: number,
): Promise<{ readonly opened: number; readonly allRows: number }> {
  const page = await (await browser.newContext({ serviceWorkers: "block" })).newPage();
  const ready = async () => {
    await page.locator(`[data-lab="${lab}"]`).scrollIntoViewIfNeeded();
    await page.locator(`[data-lab="${lab}"][data-ready]`).waitFor();
  };
  await page.goto(url);
  await ready();
  await page.evaluate(
    async ([id, count]) => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const asked = indexedDB.open("ai-performance-engineering");
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error!);
      });
      const all = db.transaction("runs", "readwrite");
      for (let n = 0; n < count; n++) {
        const date = new Date(1.7e12 + n * 1e5).toISOString();
        const summary = { medianE2eMs: 1000 + n, p99TtftMs: 300 + n };
        const rest = {
          origin: "simulated",
          target: "simulated server",
          pinned: false,
          seed: 7,
          params: { rtt: n },
          runs: 1,
        };
        all
          .objectStore("runs")
          .put({ id: `${id}:${date}`, lab: id, name: `Run ${n}`, date, code: "", summary, ...rest });
      }
      await new Promise((resolve) => (all.oncomplete = resolve));
      db.close();
    },
    [lab, runs] as const,
  );
  await page.reload();
  await ready();
  const open = (rows: number) =>
    page.evaluate(
      async ([id, shown]) => {
        const section = document.querySelector<LabSection>(`[data-lab="${id}"]`)!;
        const frame = () => new Promise(requestAnimationFrame);
        section.store!.tab.value = "result";
        section.store!.runs.shown.value = shown;
        await frame();
        await frame();
        const began = performance.now();
        section.querySelector<HTMLElement>('[data-tab="runs"]')!.click();
        await frame();
        // Laid out and painted.
        section.getBoundingClientRect();
        await frame();
        return performance.now() - began;
      },
      [lab, rows] as const,
    );
  const usual = await page.evaluate(
    (id) => document.querySelector<LabSection>(`[data-lab="${id}"]`)!.store!.runs.shown.value,
    lab,
  );
  const opened: number[] = [];
  const allRows: number[] = [];
  for (let round = 0; round < rounds; round++) {
    opened.push(await open(usual));
    allRows.push(await open(runs));
  }
  await page.context().close();
  return { opened: median(opened), allRows: median(allRows) };
}
