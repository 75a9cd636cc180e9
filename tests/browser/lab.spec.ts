import { expect, test } from "./test.ts";
import { LabPage } from "./lab-page.ts";
import { everythingStored } from "./measuring.ts";

test("an untouched lab runs at once, without the compiler @base", async ({ page }) => {
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(request.url()));
  const lab = await LabPage.open(page, "anatomy-of-one-request", "lessons/01-introduction/");
  await lab.run();
  await expect(lab.status).toContainText("Ran");
  await expect(lab.charts).toHaveCount(2);
  expect(fetched.filter((url) => /\.wasm$|editor\.js$/.test(url))).toEqual([]);
});

test("an edit changes the chart", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.run();
  const before = await lab.console.innerText();
  await lab.run((await lab.starter()).replace("anatomy(2000, 50, rtt, ahead)", "anatomy(4000, 50, rtt, ahead)"));
  await expect(lab.charts).toHaveCount(2);
  expect(await lab.console.innerText()).not.toBe(before);
});

test("the starter fails by a check, the solution passes every one and the draft survives it", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.setCode(`${await lab.starter()}\n// mine`);
  await lab.check();
  await expect(lab.status).toContainText("do not pass yet");
  await expect(lab.lab.locator('[data-part="checks"] [data-state="failed"]').first()).toContainText("Expected:");
  await lab.button("solution").click();
  await expect(lab.lab.locator('[data-part="comparison"]')).toContainText("// mine");
  await lab.check();
  await expect(lab.status).toContainText("The solution: Every check passes");
  await expect(lab.lab.locator('[data-part="debrief"]')).toBeVisible();
  await lab.button("solution").click();
  await expect(lab.lab.locator('[data-part="comparison"]')).toHaveCount(0);
  expect(await lab.code()).toContain("// mine");
});

test("a prediction is locked by the run and stands beside the answer, with the gap as a factor", async ({ page }) => {
  const lab = await LabPage.open(page);
  const box = lab.lab.locator('[data-part="prediction"]');
  await box.getByRole("textbox").first().fill("4");
  await lab.run();
  await expect(box.getByRole("textbox").first()).toHaveJSProperty("readOnly", true);
  const verdict = lab.lab.locator('[data-part="verdict"]');
  await expect(verdict).toContainText("4 times");
  await expect(verdict).toContainText(/× 7\.\d+ too low/);
});

test("a thrown error points at its line, and the editor marks it", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.run("const n = 1;\n\nfunction fails() {\n  throw new Error(`n is ${n}`);\n}\nfails();\n");
  await expect(lab.problems).toContainText("Error: n is 1 (main.ts, line 4)");
  await expect(lab.lab.locator(".code-line[data-marked]")).toHaveText(/throw new Error/);
  await lab.problems.getByRole("button", { name: "main.ts, line 4" }).click();
  await expect(lab.editor).toBeFocused();
});

test("an import of anything but perflab is an error on its line", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.run('\nimport x from "lodash";\nconsole.log(x);');
  await expect(lab.problems).toContainText('"lodash" is not available here. (main.ts, line 2)');
  await expect(lab.status).toContainText("Not run");
});

test("a type error shows in the editor, does not block, and is counted", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.editor.click();
  await expect(lab.lab.locator(".monaco-editor")).toBeVisible();
  await lab.setCode('const n: number = "text";\nconsole.log(n);\nfetch;\n');
  await expect(lab.lab.locator(".squiggly-error")).toHaveCount(2, { timeout: 30_000 });
  await lab.run('const n: number = "text";\nconsole.log(n);\n');
  await expect(lab.console).toContainText("text");
  await expect(lab.status).toContainText("with 1 type error");
});

test("Tab leaves the editor, and Ctrl+M makes it indent", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.editor.click();
  await expect(lab.lab.locator(".monaco-editor [role=textbox]")).toBeFocused();
  const inEditor = () => page.evaluate(() => document.activeElement?.closest(".monaco-editor") !== null);
  await page.keyboard.press("Tab");
  expect(await inEditor()).toBe(false);
  await page.keyboard.press("Shift+Tab");
  await lab.lab.locator(".monaco-editor [role=textbox]").focus();
  await page.keyboard.press("Control+m");
  await page.keyboard.press("Tab");
  expect(await inEditor()).toBe(true);
});

test("Ctrl+Enter runs from the editor", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.editor.click();
  await expect(lab.lab.locator(".monaco-editor [role=textbox]")).toBeFocused();
  await page.keyboard.press("Control+Enter");
  await expect(lab.button("predict")).toBeFocused();
  await lab.button("skip").press("Enter");
  await expect(lab.status).toContainText("Ran");
});

test("a draft comes back after a reload, and does not run by itself", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.setCode('console.log("from my draft");');
  await expect.poll(() => everythingStored(page)).toContain("from my draft");
  await page.reload();
  await lab.lab.scrollIntoViewIfNeeded();
  await expect(lab.lab.locator('[data-part="notice"]')).toContainText("Restored your draft from");
  await expect(lab.console).toBeHidden();
  await expect(lab.editor).toHaveValue(/from my draft/);
  await lab.button("reset").click();
  await expect(lab.editor).not.toHaveValue(/from my draft/);
  await lab.lab.getByRole("button", { name: "Undo" }).click();
  await expect(lab.editor).toHaveValue(/from my draft/);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test("the starter is readable @base", async ({ page }) => {
    await page.goto("lessons/01-introduction/");
    const lab = page.locator('[data-lab="anatomy-of-one-request"]');
    await expect(lab.locator(".lab-editor pre")).toContainText("export function anatomy");
    await expect(lab.locator(".code-input")).toBeHidden();
    await expect(lab.locator(".lab-noscript")).toBeVisible();
  });
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  test("a plain editor stands in, and the page does not scroll sideways", async ({ page }) => {
    const lab = await LabPage.open(page);
    await lab.editor.click();
    await lab.editor.fill('console.log("typed on a phone");');
    await lab.run();
    await expect(lab.console).toContainText("typed on a phone");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
