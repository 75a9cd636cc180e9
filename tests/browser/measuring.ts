/** What browser tests do to measure: choose an endpoint, agree to the requests, read back the Run that the page kept. */
import { expect, type Page } from "./test.ts";
import type { Run } from "../../src/engine/run.ts";
import type { LabPage } from "./lab-page.ts";

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
