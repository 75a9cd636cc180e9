/** A class: a learner's file is shown before it is saved, and many files become a table and a picture; a bad one is refused in words. */
import { readFile } from "node:fs/promises";
import { expect, test } from "./test.ts";

const labOf = (id: string, passed: string | null, failed: Readonly<Record<string, number>>) => ({
  id,
  passed,
  attempts: 4,
  failed,
  runs: 1,
  prediction: null,
});
const handedIn = (learner: string, code: string, labs: readonly unknown[]) => ({
  name: `${code}.json`,
  mimeType: "application/json",
  buffer: Buffer.from(
    JSON.stringify({
      format: "ai-performance-engineering-class",
      version: 1,
      learner,
      code,
      date: "2026-11-27T10:00:00.000Z",
      labs,
      lessonsRead: [],
      quizzes: [],
    }),
  ),
});

test("what a learner saves is shown first, and opened with others' files it becomes a table and a picture; a bad file is refused in words", async ({
  page,
}, info) => {
  await page.goto("progress/");
  await expect(page.locator(".progress-page")).toHaveAttribute("data-ready", "");
  await page.getByLabel("Your name or a code").fill("Cy");
  await page.locator('[data-action="class-show"]').click();
  await expect(page.locator('[data-part="class-preview"]')).toContainText('"learner": "Cy"');
  const download = page.waitForEvent("download");
  await page.locator('[data-action="class-save"]').click();
  const mine = info.outputPath("mine.json");
  await (await download).saveAs(mine);
  await page.locator("#for-a-class").getByRole("link", { name: "For a class" }).click();

  const panel = page.locator(".class-page");
  // The file box answers once the page's script has come alive.
  await expect(page.locator("astro-island:not([ssr]) .class-page")).toBeVisible();
  await expect(panel.locator('[data-part="empty"]')).toContainText("No files yet");
  const lab = "anatomy-of-one-request";
  const day = "2026-11-26T10:00:00.000Z";
  await panel
    .locator("input[type=file]")
    .setInputFiles([
      handedIn("Ana", "1", [labOf(lab, day, { "First check": 1 })]),
      handedIn("Bo", "2", [labOf(lab, null, { "Second check": 3 })]),
      { name: "mine.json", mimeType: "application/json", buffer: await readFile(mine) },
      { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("see you on Monday") },
    ]);
  await expect(panel.locator('[data-part="class-said"]')).toContainText("3 of 4 files read; the class has 3 learners");
  await expect(panel.locator('[data-part="class-problems"]')).toContainText("notes.txt: the file is");
  await expect(panel.locator(`[data-lab="${lab}"] td`)).toHaveText(["2", "1", "8", "none made", "Second check (3 ×)"]);
  await expect(panel.locator('[data-part="class-learners"] tbody th')).toHaveText(["Ana", "Bo", "Cy"]);
  await expect(panel.locator("perf-chart").first()).toBeVisible();
  await expect(panel.locator('[data-part="class-finding"]')).toContainText("1 of 2 who began it has not passed it");

  const csv = page.waitForEvent("download");
  await panel.locator('[data-action="class-csv"]').click();
  expect(await readFile(await (await csv).path(), "utf8")).toContain(`"${lab}"`);
  await panel.getByRole("button", { name: "Take out Bo" }).click();
  await expect(panel.locator(`[data-lab="${lab}"] td`).first()).toHaveText("1");
});
