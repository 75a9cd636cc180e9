/** Lesson 1 by keyboard alone: every step is reached, and the focus is never lost to the body. */
import { LabPage } from "./lab-page.ts";
import { expect, test, type Locator, type Page } from "./test.ts";

/** Presses Tab until the focus is on `to`; the body never has it on the way. */
async function tabTo(page: Page, to: Locator, key = "Tab"): Promise<void> {
  let last = "";
  for (let pressed = 0; pressed < 400; pressed++) {
    const at = await to.evaluateAll((all) => ({
      there: all.some((element) => element === document.activeElement),
      onBody: document.activeElement === document.body,
      tag: document.activeElement?.outerHTML.slice(0, 120) ?? "",
    }));
    if (at.there) return;
    if (pressed > 0) expect(at.onBody, `the focus is on the body, after ${last}`).toBe(false);
    last = at.tag;
    await page.keyboard.press(key);
  }
  throw new Error(`400 times ${key} did not reach ${String(to)}`);
}
const onBody = (page: Page) => page.evaluate(() => document.activeElement === document.body);

test("the whole of lesson 1 can be done by keyboard alone", async ({ page }) => {
  test.setTimeout(240_000);
  const lab = new LabPage(page, "anatomy-of-one-request");
  await page.goto("lessons/01-introduction/");

  await test.step("predict and run", async () => {
    await tabTo(page, lab.lab.locator('[data-part="prediction"] input[name="value"]'));
    await expect(lab.lab).toHaveAttribute("data-ready", "");
    await page.keyboard.type("30");
    await page.keyboard.press("Enter");
    await expect(lab.lab.locator('[data-part="prediction"]')).toContainText("Locked in");
    expect(await onBody(page)).toBe(false);
    await tabTo(page, lab.button("run"));
    await page.keyboard.press("Enter");
    await lab.idle();
    await expect(lab.button("run")).toBeFocused();
    await expect(lab.lab.locator('[data-part="verdict"]')).toContainText("close", { timeout: 30_000 });
  });
  await test.step("edit in Monaco, run from there, and leave it", async () => {
    await tabTo(page, lab.editor, "Shift+Tab");
    const monaco = lab.lab.locator(".monaco-editor [role=textbox]");
    await expect(async () => {
      if ((await monaco.count()) === 0) await page.keyboard.press("ArrowDown");
      await expect(monaco).toBeFocused({ timeout: 2000 });
    }).toPass({ timeout: 45_000 });
    await page.keyboard.press("Control+End");
    // Balanced whether the editor closes brackets by itself yet or not.
    await page.keyboard.type("\nfor (;;);");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Enter");
    await expect(lab.status).toContainText("Running");
    await tabTo(page, lab.button("stop"));
    await page.keyboard.press("Enter");
    await lab.idle();
    await expect(lab.button("stop")).toBeFocused();
    await expect(lab.status).toContainText("Stopped");
  });
  await test.step("check, take the hint that is offered, look at the solution and go back", async () => {
    await tabTo(page, lab.button("reset"));
    await page.keyboard.press("Enter");
    await expect(lab.button("reset")).toBeFocused();
    await tabTo(page, lab.button("check"), "Shift+Tab");
    await page.keyboard.press("Enter");
    await lab.idle();
    await expect(lab.button("check")).toBeFocused();
    const hint = lab.lab.getByRole("button", { name: /hint/i }).first();
    await tabTo(page, hint);
    await page.keyboard.press("Enter");
    await expect(lab.lab.locator(".lab-hints p")).toHaveCount(1);
    expect(await onBody(page)).toBe(false);
    await tabTo(page, lab.button("solution"), "Shift+Tab");
    await page.keyboard.press("Enter");
    await expect(lab.lab.locator('[data-part="comparison"]')).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(lab.lab.locator('[data-part="comparison"]')).toHaveCount(0);
    await expect(lab.button("solution")).toBeFocused();
  });
  await test.step("a slider and the tabs of the result", async () => {
    await tabTo(page, lab.lab.getByRole("slider").first());
    await page.keyboard.press("ArrowRight");
    await tabTo(page, lab.lab.locator('[role="tab"][aria-selected="true"]'));
    await page.keyboard.press("ArrowRight");
    expect(await onBody(page)).toBe(false);
  });
  await test.step("a figure's data open, and say how wrong the numbers are", async () => {
    const badge = page.locator("main static-chart .chart-badge").first();
    await tabTo(page, badge);
    await page.keyboard.press("Enter");
    await expect(page.locator("main static-chart details[open]").first()).toContainText("How we know");
    const data = page.locator("main static-chart summary", { hasText: /^Data$/ }).first();
    await tabTo(page, data);
    await page.keyboard.press("Enter");
    await expect(page.locator("main static-chart details[open] table").first()).toBeVisible();
  });
  await test.step("the quiz", async () => {
    const choices = page.locator("course-quiz form", { has: page.getByRole("radio") }).first();
    await choices.getByRole("radio").first().focus();
    await page.keyboard.press("Space");
    await tabTo(page, choices.locator('button[type="submit"]'));
    await page.keyboard.press("Enter");
    await expect(choices.locator(".why:visible").first()).toBeVisible();
    expect(await onBody(page)).toBe(false);
  });
});
