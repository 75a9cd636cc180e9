import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createSite } from "../../src/server/site.ts";
import { LabPage } from "./lab-page.ts";
import { choose, lastRun, measure, pickerSays } from "./measuring.ts";
import { expect, test } from "./test.ts";

let site: Server;
let elsewhere = "";
let runner: ChildProcess;
let address = "";
let endpoint = "";
let token = "";

/** The site as a static host serves it, and a runner of another origin. */
test.beforeAll(async () => {
  const files = createSite("dist", "/", console.error);
  site = createServer(files);
  await new Promise<void>((done) => site.listen(0, "127.0.0.1", done));
  elsewhere = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
  runner = spawn(process.execPath, ["src/server/start.ts", "--no-build", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    runner.once("exit", (code) => reject(new Error(`the runner ended with ${code}`)));
    runner.stdout?.on("data", (text: Buffer) => {
      said += text.toString();
      const found = /course\s+(http:\S+?)\/?\s[\s\S]*endpoint\s+(\S+)[\s\S]*page\s+(\S+)/.exec(said);
      if (found === null) return;
      [, address = "", endpoint = "", token = ""] = found;
      resolve();
    });
  });
});
test.afterAll(async () => {
  runner.kill();
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
});

test("a page from elsewhere is paired by the token, and then measures through the runner", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: elsewhere });
  const page = await context.newPage();
  const lab = await LabPage.open(page, "your-first-real-stream");
  await choose(lab, endpoint);
  await expect(pickerSays(lab)).toContainText("measured by this browser");
  await lab.lab.getByText("Measure through a local runner").click();
  await lab.lab.getByLabel("Address of the runner").fill(address);
  await lab.lab.getByLabel("One-time token").fill("WRONG");
  await lab.lab.getByRole("button", { name: "Pair" }).click();
  await expect(lab.lab.locator('[data-part="target"]')).toContainText("the token is wrong");
  await lab.lab.getByLabel("One-time token").fill(token);
  await lab.lab.getByRole("button", { name: "Pair" }).click();
  await expect(lab.lab.locator('[data-part="target"]')).toContainText("Paired until this page is closed.");
  await expect(pickerSays(lab)).toContainText("measured by the local runner");
  await measure(lab);
  const { origin, requests } = await lastRun(page);
  expect(origin).toMatchObject({ kind: "measured", transport: "node:http" });
  expect(requests.status).toEqual(new Array(12).fill(0));
  await context.close();
});
