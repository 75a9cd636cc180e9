/** Progress: what is done leaves marks, the way back leads to where the reader was, and all of it goes out, in and away. */
import { LabPage } from "./lab-page.ts";
import { expect, test } from "./test.ts";
import type { LabSection } from "../../src/components/lab/LabSurface.tsx";

const lesson = "lessons/01-introduction/";

test("a passed lab and a rested section leave their marks at once, lead back, and survive export, deletion and import @base", async ({
  page,
}, info) => {
  const lab = await LabPage.open(page, "anatomy-of-one-request", "lessons/01-introduction/");
  await lab.lab.evaluate(async (section: LabSection) => {
    await section.store!.showSolution();
    section.store!.code.type(section.store!.code.comparison.value!.text);
    section.store!.code.close();
  });
  await lab.check();
  await expect(lab.lab.locator(".lab-head")).toContainText("Passed");
  const side = page.locator(".course-sidebar [data-part-items]").first();
  await expect(side).toContainText("1 of 5 labs passed");
  await expect(page.locator("starlight-toc a[href='#lab-anatomy-of-one-request']")).toContainText("(passed)");

  await lab.lab.scrollIntoViewIfNeeded();
  await page.locator("#lab-anatomy-of-one-request .lab-question").evaluate((line) => line.scrollIntoView());
  await page.mouse.wheel(0, -50);
  await expect(page.locator("starlight-toc a", { hasText: "(read)" }).first()).toBeVisible();

  await page.goto("progress/");
  const panel = page.locator(".progress-page");
  await expect(panel).toHaveAttribute("data-ready", "");
  await expect(panel.locator(".progress-part").first()).toContainText("1 of 5 labs passed");
  const back = page.locator("[data-continue] a");
  await expect(back).toHaveText("Continue");
  expect(await back.getAttribute("href")).toMatch(/lessons\/01-introduction\/#[\w-]+$/);

  const download = page.waitForEvent("download");
  await panel.locator('[data-action="export-all"]').click();
  const file = info.outputPath("course-progress.json");
  await (await download).saveAs(file);
  await panel.locator('[data-action="delete-all"]').click();
  await panel.locator('[data-action="delete-sure"]').click();
  await expect(panel.locator(".progress-part").first()).toContainText("Not begun");
  await expect(panel.locator('[data-action="delete-all"]'), "the focus is given back").toBeFocused();

  const chooser = page.waitForEvent("filechooser");
  await panel.locator('[data-action="import-all"]').click();
  await (await chooser).setFiles(file);
  await expect(panel.locator("[data-part='kept-said']")).toContainText("Added from course-progress.json");
  await expect(panel.locator(".progress-part").first()).toContainText("1 of 5 labs passed");
});

test("the reader says that a lesson is read, and takes it back", async ({ page }) => {
  await page.goto(lesson);
  const box = page.getByLabel("I have read this part");
  await box.check();
  await page.goto("progress/");
  await expect(page.locator(".progress-part").first()).toContainText("Read, 0 of 5 labs passed");
  await page.goto(lesson);
  await expect(box).toBeChecked();
  const said = page.locator(".lesson-read .part-progress");
  await expect(said).toContainText("Read");
  await box.uncheck();
  await expect(said).not.toContainText("Read");
  await page.reload();
  await expect(box).not.toBeChecked();
});
