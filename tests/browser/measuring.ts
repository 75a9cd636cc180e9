/** What browser tests do to measure: choose an endpoint, agree to the requests, read back the Run that the page kept. */
import { readFileSync } from "node:fs";
import { expect, type Page } from "./test.ts";
import type { Run } from "../../src/engine/run.ts";
import { LabPage } from "./lab-page.ts";

/** `npm start` serves the simulated endpoint one port above the site. Without /v1. */
export function simulatedEndpoint(base: string | undefined): string {
  const { hostname, port } = new URL(base ?? "");
  return `http://${hostname}:${Number(port) + 1}`;
}

/** Picks the endpoint and has its models listed; what the picker says then is the caller's to expect. */
export async function choose(lab: LabPage, url: string): Promise<void> {
  await lab.lab.getByLabel("Endpoint by URL").check();
  await lab.lab.getByLabel("Base URL").fill(url);
  await lab.lab.getByRole("button", { name: "List models" }).click();
}

export const pickerSays = (lab: LabPage) => lab.lab.locator(".lab-target-said");
export const notes = (lab: LabPage) => lab.lab.locator('[data-part="notes"]');

/** Presses Run and agrees to the requests. */
export async function measure(lab: LabPage): Promise<void> {
  await lab.start();
  await lab.lab.getByRole("button", { name: "Send them" }).click();
  await lab.idle();
}

/** The labs of lesson 3 that measure, each with its fewest requests, what one press sends of them, and how many Runs it makes. */
export const measuringLabs = [
  { id: "two-generators-one-server", requests: 20, runs: 2 },
  { id: "the-hidden-queue", requests: 10, runs: 4 },
  { id: "measure-your-own-endpoint", requests: 20, runs: 1 },
] as const;

/**
 * The lab's solution measures the endpoint at `url` with the fewest requests, and every check that is graded there passes. Its answers
 * are made short, as a learner with a slow server would: llama.cpp on the CPU of a busy machine writes them while others test.
 */
export async function solveOn(
  page: Page,
  url: string,
  { id, requests, runs }: (typeof measuringLabs)[number],
): Promise<LabPage> {
  const lab = await LabPage.open(page, id, `labs/${id}/`);
  await choose(lab, url);
  await expect(pickerSays(lab)).toContainText("model");
  await lab.lab.locator('input[name="requests"]').fill(String(requests));
  const solution = readFileSync(`labs/${id}/solution.ts`, "utf8");
  await lab.setCode(solution.replace("fixed(800)", "fixed(80)").replace("fixed(200)", "fixed(10)"));
  await measure(lab);
  await expect(lab.status, id).toContainText("measured");
  await expect(notes(lab), id).toContainText(
    runs === 1 ? `Of ${requests} requests, ${requests} succeeded.` : `This run made ${runs} Runs`,
  );
  for (const badge of await lab.charts.locator(".chart-badge").all()) await expect(badge).toContainText("easured");
  expect((await lastRun(page)).origin).toMatchObject({ kind: "measured", transport: "node:http" });
  await lab.check();
  await expect(lab.problems, id).toBeEmpty();
  await expect(lab.lab.locator('[data-state="failed"]'), id).toHaveCount(0);
  await expect(lab.lab.locator('[data-state="passed"]').first(), id).toBeVisible();
  return lab;
}

/** Waits until the page has stored this text: drafts and preferences are kept a moment after the last change. */
export function stored(page: Page, text: string): Promise<void> {
  return expect.poll(() => everythingStored(page)).toContain(JSON.stringify(text).slice(1, -1));
}

/** Everything the page keeps, as JSON. */
export function everythingStored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const all: unknown[] = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const open = indexedDB.open(name!);
        open.onsuccess = () => resolve(open.result);
      });
      for (const store of db.objectStoreNames) {
        all.push(
          await new Promise((resolve) => {
            const get = db.transaction(store).objectStore(store).getAll();
            get.onsuccess = () => resolve(JSON.stringify(get.result));
          }),
        );
      }
      db.close();
    }
    return all.join("\n");
  });
}

type Plain<T> = { [Key in keyof T]: T[Key] extends ArrayLike<number> ? number[] : Plain<T[Key]> };

/** The Run that the lab's last run left in the page's storage. */
export async function lastRun(page: Page): Promise<Plain<Required<Run>>> {
  let run: unknown = null;
  await expect(async () => {
    run = await page.evaluate(async () => {
      for (const { name } of await indexedDB.databases()) {
        const db = await new Promise<IDBDatabase>((resolve) => {
          const open = indexedDB.open(name!);
          open.onsuccess = () => resolve(open.result);
        });
        try {
          if (!db.objectStoreNames.contains("runData")) continue;
          const rows = await new Promise<{ date: string; runs: unknown[] }[]>((resolve) => {
            const get = db.transaction("runData").objectStore("runData").getAll();
            get.onsuccess = () => resolve(get.result);
          });
          const last = rows.sort((a, b) => a.date.localeCompare(b.date)).at(-1);
          if (last === undefined) continue;
          return JSON.parse(
            JSON.stringify(last.runs.at(-1) ?? null, (_, value: unknown) =>
              ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
            ),
          ) as unknown;
        } finally {
          db.close();
        }
      }
      return null;
    });
    expect(run).not.toBeNull();
  }).toPass();
  return run as Plain<Required<Run>>;
}
