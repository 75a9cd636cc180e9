/** One press of Run sends what was agreed to and no more: counted by the endpoint, whatever the code does. */
import { expect, test, type Page } from "./test.ts";
import { LabPage } from "./lab-page.ts";
import { readLabFolder } from "../../scripts/lab/lab-folders.ts";
import { choose, notes, pickerSays } from "./measuring.ts";
import { startSimulatedEndpoint, type SimulatedEndpoint } from "../../src/server/simulated/endpoint.ts";

const { budget } = readLabFolder("your-first-real-stream").sources!.definition;

/** Of its own: whatever else is measured meanwhile would be counted too. */
let endpoint: SimulatedEndpoint;
test.beforeAll(async () => void (endpoint = await startSimulatedEndpoint()));
test.afterAll(() => endpoint.close());

async function openOn(page: Page): Promise<LabPage> {
  const lab = await LabPage.open(page, "your-first-real-stream");
  await choose(lab, `${endpoint.url}/v1`);
  await expect(pickerSays(lab)).toContainText("model");
  return lab;
}

/** Requests that the endpoint has answered since it was started. */
async function answered(): Promise<number> {
  const text = await (await fetch(`${endpoint.url}/metrics`)).text();
  const samples = text.match(/^vllm:request_success_total\{[^}]*\} [\d.e+]+$/gm) ?? [];
  return samples.reduce((sum, sample) => sum + Number(sample.split(" ").at(-1)), 0);
}

const workload = "{ arrivals: burst(), prompt: fixed(64), output: fixed(4), requests: 10, seed: 1 }";
const imports = 'import { benchmark, burst, fixed, openStream } from "perflab";\n';

const asked = (lab: LabPage) => lab.lab.getByRole("group", { name: "Send requests?" });

/** The numbers of the question that stands. */
async function question(lab: LabPage): Promise<number> {
  await expect(asked(lab)).toContainText("This sends");
  const [, requests = ""] = /This sends ([\d,]+)/.exec(await asked(lab).innerText()) ?? [];
  return Number(requests.replaceAll(",", ""));
}

test("calls in a row are each asked for, until the rest of the run is agreed to", async ({ page }) => {
  const lab = await openOn(page);
  const before = await answered();
  await lab.setCode(`${imports}for (let k = 0; k < 4; k++) await benchmark(${workload}, { warmup: 4 });\nexport {};`);
  await lab.start();
  const first = await question(lab);
  expect(first).toBeGreaterThanOrEqual(14);
  await lab.lab.getByRole("button", { name: "Send them" }).click();
  await expect(asked(lab)).toContainText("more requests");
  expect((await answered()) - before).toBeLessThanOrEqual(first);
  await lab.lab.getByRole("button", { name: "Send all of this run" }).click();
  await lab.idle();
  const sent = (await answered()) - before;
  expect(sent).toBeGreaterThan(40);
  expect(sent).toBeLessThanOrEqual(4 * first);
  await expect(notes(lab)).toContainText("This run made 4 Runs");

  // The second press of the same code is asked for as a whole.
  await lab.start();
  expect(await question(lab)).toBe(4 * first);
  await lab.lab.getByRole("button", { name: "Don't" }).click();
  await lab.idle();
  expect((await answered()) - before).toBe(sent);
});

test("calls made together are one question, and no is no to all that follows", async ({ page }) => {
  const lab = await openOn(page);
  const before = await answered();
  await lab.setCode(
    `${imports}const all = await Promise.allSettled(Array.from({ length: 5 }, () => benchmark(${workload}, { warmup: 0 })));
console.log(all.map(({ status }) => status).join());
for (let k = 0; k < 3; k++) try { for await (const _ of openStream({ prompt: "hello", maxTokens: 4 })) void _; } catch (error) { console.log(String(error)); }
export {};`,
  );
  await lab.start();
  expect(await question(lab)).toBe(50);
  await lab.lab.getByRole("button", { name: "Don't" }).click();
  await lab.idle();
  await expect(lab.console).toContainText("rejected,rejected,rejected,rejected,rejected");
  await expect(lab.console).toContainText("you chose not to send the requests");
  expect(await answered()).toBe(before);
});

test("a loop that goes on through refusals never passes the lab's budget", async ({ page }) => {
  const lab = await openOn(page);
  const before = await answered();
  await lab.setCode(
    `${imports}let refused = 0;
for (let k = 0; k < 60; k++) await benchmark(${workload}, { warmup: 0 }).catch((error) => { if (refused++ === 0) console.log(String(error)); });
console.log(refused, "refused");
export {};`,
  );
  await lab.start();
  await lab.lab.getByRole("button", { name: "Send them" }).click();
  await lab.lab.getByRole("button", { name: "Send all of this run" }).click();
  await lab.idle();
  await expect(lab.console).toContainText("warm-up included");
  expect((await answered()) - before).toBeLessThanOrEqual(budget.requests);
});

test("Stop while the question stands sends nothing", async ({ page }) => {
  const lab = await openOn(page);
  const before = await answered();
  await lab.setCode(`${imports}await benchmark(${workload});\nexport {};`);
  await lab.start();
  await question(lab);
  await lab.button("stop").click();
  await lab.idle();
  expect(await answered()).toBe(before);
});
