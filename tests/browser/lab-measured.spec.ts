import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { LabPage } from "./lab-page.ts";

const id = "your-first-real-stream";

/** `npm start` serves the simulated endpoint one port above the site. */
function simulatedEndpoint(base: string): string {
  const { hostname, port } = new URL(base);
  return `http://${hostname}:${Number(port) + 1}/v1`;
}

async function choose(lab: LabPage, url: string): Promise<void> {
  await lab.lab.getByLabel("Endpoint by URL").check();
  await lab.lab.getByLabel("Base URL").fill(url);
  await lab.lab.getByRole("button", { name: "List models" }).click();
}

test("the third lab measures the simulated endpoint, and its charts say measured", async ({ page, baseURL }) => {
  const lab = await LabPage.open(page, id);
  await choose(lab, simulatedEndpoint(baseURL ?? ""));
  await expect(lab.lab.locator(".lab-target-said")).toContainText("models");
  await lab.button("run").click();
  await expect(lab.status).toContainText("This sends 12 requests");
  await lab.lab.getByRole("button", { name: "Send them" }).click();
  await lab.idle();
  await expect(lab.status).toContainText("measured");
  await expect(lab.charts.first().locator(".chart-badge")).toContainText("easured");
});

test("nothing is sent when the learner says no", async ({ page, baseURL }) => {
  const lab = await LabPage.open(page, id);
  await choose(lab, simulatedEndpoint(baseURL ?? ""));
  await expect(lab.lab.locator(".lab-target-said")).toContainText("models");
  await lab.button("run").click();
  await lab.lab.getByRole("button", { name: "Don't" }).click();
  await lab.idle();
  await expect(lab.problems).toContainText("you chose not to send the requests");
});

test("an endpoint that is not complete is never replaced by the simulated server", async ({ page }) => {
  const lab = await LabPage.open(page, id);
  await lab.lab.getByLabel("Endpoint by URL").check();
  await lab.button("run").click();
  await expect(lab.problems).toContainText("Write the endpoint's base URL");
  await expect(lab.charts).toHaveCount(0);
});

test("an unreachable URL is answered with what to try", async ({ page }) => {
  const lab = await LabPage.open(page, id);
  await choose(lab, "http://127.0.0.1:9/v1");
  await expect(lab.lab.locator(".lab-target-said")).toContainText(/\w+ .*\./, { timeout: 20_000 });
  await expect(lab.lab.locator(".lab-target-said")).not.toContainText("models;");
});

test.describe("with a key", () => {
  let server: Server;
  let url = "";
  test.beforeAll(async () => {
    server = createServer((request, response) => {
      const allowed = request.headers.authorization === "Bearer secret-key-123";
      response.writeHead(allowed ? 200 : 401, { "content-type": "application/json" });
      response.end(JSON.stringify(allowed ? { data: [{ id: "fixture" }] } : { error: { message: "no key" } }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  test.afterAll(() => new Promise((resolve) => server.close(resolve)));

  test("401 is named; the key then works and is stored nowhere", async ({ page }) => {
    const lab = await LabPage.open(page, id);
    await choose(lab, url);
    await expect(lab.lab.locator(".lab-target-said")).toContainText("401");
    await lab.lab.getByLabel("API key").fill("secret-key-123");
    await lab.lab.getByRole("button", { name: "List models" }).click();
    await expect(lab.lab.locator(".lab-target-said")).toContainText("1 models");
    const stored = await page.evaluate(async () => {
      const databases = await indexedDB.databases();
      const all: unknown[] = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
      for (const { name } of databases) {
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
    expect(stored).not.toContain("secret-key-123");
    expect(page.url()).not.toContain("secret");
  });
});
