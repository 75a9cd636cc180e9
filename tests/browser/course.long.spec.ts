/**
 * The whole course as one learner does it, in the long tier alone: from home by "Next" through every lesson that is written, every lab
 * solved, every question answered, the capstone shipped, to a completion page that says so. It knows no lesson and no lab by name.
 */
import type { LabSection } from "../../src/components/lab/LabSurface.tsx";
import { LabPage } from "./lab-page.ts";
import { expect, test, type Page } from "./test.ts";

test("from home through every lesson, lab and question to the completion page", async ({ page, baseURL }) => {
  test.setTimeout(45 * 60_000);
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(`${page.url()}: ${message.text()}`));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== new URL(baseURL!).origin) complaints.push(`asked ${request.url()}`);
  });
  const solved = new Set<string>();

  await page.goto("");
  const lessons = await addresses(page, "#parts h3 a");
  await page.locator("#parts h3 a").first().click();
  for (const [i, lesson] of lessons.entries()) {
    await expect(page).toHaveURL(lesson);
    await test.step(lesson, async () => {
      await page.getByLabel("I have read this part").check();
      await answerQuestions(page);
      await solveLabs(page, solved);
    });
    const next = page.locator("a.way[rel=next]");
    // A part that is still to be written is no link.
    if ((await next.count()) > 0) await next.click();
    else await page.goto(lessons[i + 1] ?? "capstone/");
  }
  await expect(page).toHaveURL(/\/capstone\/$/);
  // The labs of no lesson that is written yet.
  await page.goto("labs/");
  const others = await addresses(page, "main h3 a");
  for (const url of others.filter((each) => !each.endsWith("/capstone/") && !solved.has(idIn(each)))) {
    await page.goto(url);
    await solveLabs(page, solved);
  }

  await page.goto("capstone/");
  await solveLabs(page, solved);
  const board = page.locator(".capstone-board");
  await expect(board.locator('[data-part="no-attempt"]')).toHaveCount(0);
  await board.getByRole("link", { name: "What you have proved" }).click();
  await expect(page.locator(".completion")).toHaveAttribute("data-ready", "");
  await expect(page.locator('.completion [data-part="complete"]')).toBeVisible();
  await expect(page.locator('.completion [data-part="capstone-points"]')).toContainText("points of 100");
  expect(solved.size).toBeGreaterThan(20);
  expect(complaints).toEqual([]);
});

async function addresses(page: Page, selector: string): Promise<readonly string[]> {
  return page.locator(selector).evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href));
}

function idIn(url: string): string {
  return new URL(url).pathname.split("/").findLast((part) => part !== "") ?? "";
}

/** Every question of the page, right: each form carries what is. */
async function answerQuestions(page: Page): Promise<void> {
  for (const form of await page.locator("course-quiz form").all()) {
    await expect(form.locator("[type=submit]")).toBeVisible();
    if ((await form.getAttribute("data-kind")) === "number") {
      const { value } = JSON.parse((await form.getAttribute("data-key"))!) as { value: number };
      await form.locator(".typed input").fill(String(value));
    } else await form.locator(".option[data-right] input").check();
    await form.locator("[type=submit]").click();
    await expect(form).toHaveClass(/\bright\b/);
  }
}

/** Every lab of the page: its solution put into the editor, run, checked and passed. */
async function solveLabs(page: Page, solved: Set<string>): Promise<void> {
  const ids = await page
    .locator("main [data-lab]")
    .evaluateAll((all) => all.map((lab) => lab.getAttribute("data-lab")!));
  for (const id of ids) {
    const lab = new LabPage(page, id);
    await lab.lab.scrollIntoViewIfNeeded();
    await expect(lab.lab).toHaveAttribute("data-ready", "");
    await lab.lab.evaluate(async (section: LabSection) => {
      const store = section.store!;
      await store.showSolution();
      const { text } = store.code.comparison.value!;
      store.code.close();
      store.code.type(text);
    });
    await lab.run();
    await expect(lab.status, id).toContainText("Ran in");
    await lab.check();
    await expect(lab.lab.locator(".lab-head"), id).toContainText("Passed", { timeout: 90_000 });
    solved.add(id);
  }
}
