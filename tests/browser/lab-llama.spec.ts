import { spawn, type ChildProcess } from "node:child_process";
import { expect, test } from "./test.ts";
import { LabPage } from "./lab-page.ts";
import { choose, lastRun, measure, measuringLabs, notes, pickerSays, solveOn } from "./measuring.ts";

let llama: ChildProcess;
let url = "";

test.beforeAll(async () => {
  llama = spawn(process.execPath, ["src/server/llama/start.ts", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  url = await new Promise<string>((resolve, reject) => {
    llama.once("exit", (code) => reject(new Error(`the llama.cpp endpoint ended with ${code}`)));
    llama.stdout?.on("data", (text: Buffer) => {
      said += text.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(said);
      if (found !== null) resolve(found[0]);
    });
  });
});
test.afterAll(() => void llama.kill());

test("the third lab measures llama.cpp: every request accounted for, tokens as its usage says, charts measured", async ({
  page,
}) => {
  const lab = await LabPage.open(page, "your-first-real-stream");
  await choose(lab, url);
  await expect(pickerSays(lab)).toContainText("1 model");
  await lab.lab.getByText("Price and headers").click();
  await lab.lab.getByLabel("USD per GPU-hour").fill("0.36");
  await lab.lab.getByLabel("USD per GPU-hour").blur();
  await measure(lab);
  await expect(lab.status).toContainText("measured");
  await expect(notes(lab)).toContainText("Of 12 requests, 12 succeeded.");
  await expect(notes(lab)).toContainText("At your $0.36 per GPU-hour and 1 GPU");
  for (const badge of await lab.charts.locator(".chart-badge").all()) await expect(badge).toContainText("easured");

  const { requests, origin, measurement } = await lastRun(page);
  expect(origin).toMatchObject({ kind: "measured", transport: "node:http" });
  expect(requests.status).toEqual(new Array(12).fill(0));
  // 1: the server's usage.
  expect(requests.tokenSource).toEqual(new Array(12).fill(1));
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  expect(measurement.server?.generatedTokens).toBe(sum(requests.outputTokens));
  expect(measurement.server?.promptTokens).toBe(sum(requests.promptTokens));
  expect(requests.outputTokens).toEqual(measurement.askedOutputTokens);
  for (const [i, first] of requests.first.entries()) {
    expect(first).toBeGreaterThan(requests.started[i]!);
    // Two reads of the engine's pipe may arrive as one, so a short answer can begin and end at once.
    expect(requests.last[i]).toBeGreaterThanOrEqual(first);
  }
  expect(requests.last.some((last, i) => last > requests.first[i]!)).toBe(true);
});

for (const each of measuringLabs)
  test(`the lab ${each.id} measures it, and its checks pass on what it did`, async ({ page }) => {
    await solveOn(page, url, each);
  });
