/** The capstone and what comes after it: an attempt stands beside the front, its card says what it lacks, and the points are on the completion page. */
import type { LabSection } from "../../src/components/lab/LabSurface.tsx";
import { LabPage } from "./lab-page.ts";
import { expect, test } from "./test.ts";

test("an attempt stands beside the front, makes a report card, and its points are what was proved", async ({
  page,
}, info) => {
  await page.goto("completion/");
  await expect(page.locator('.completion [data-part="empty"]')).toContainText("Nothing yet");

  const lab = await LabPage.open(page, "capstone", "capstone/");
  const board = page.locator(".capstone-board");
  const table = (label: string) => board.locator(`.capstone-table[aria-label="${label}"]`);
  await expect(board).toHaveAttribute("data-ready", "");
  await expect(board.locator('[data-part="no-attempt"]')).toBeVisible();
  await lab.run();
  await expect(table("Your attempts")).toContainText("Run 1");
  await lab.lab.evaluate(async (section: LabSection) => {
    await section.store!.showSolution();
    section.store!.code.type(section.store!.code.comparison.value!.text);
    section.store!.code.close();
  });
  await lab.run();
  await expect(table("Your attempts")).toContainText("Run 2");
  await lab.check();
  await expect(lab.lab.locator(".lab-head")).toContainText("Passed");
  const points = table("Report card").getByRole("row", { name: /nobody had seen/ });
  await expect(points).toContainText(/9\d\.\d/);
  await expect(table("The plan")).toContainText("qwen3-30b-a3b");

  await expect(board.locator('[data-part="card-lacks"] li')).toHaveCount(3);
  for (const box of await board.locator("textarea").all()) await box.fill("The GPU’s FLOPs.");
  await expect(board.locator('[data-part="card-complete"]')).toBeVisible();
  const download = page.waitForEvent("download");
  await board.locator('[data-action="card-markdown"]').click();
  expect((await download).suggestedFilename()).toBe("capstone-report.md");
  await (await download).saveAs(info.outputPath("card.md"));

  await board.getByRole("link", { name: "What you have proved" }).click();
  const sheet = page.locator(".completion");
  await expect(sheet).toHaveAttribute("data-ready", "");
  await expect(sheet.locator('[data-part="half-way"]')).toContainText("Still open");
  await expect(sheet.locator('[data-part="capstone-points"]')).toContainText(/9\d\.\d points of 100/);
});
