/** The lab's surface as a learner uses it: layout, live sliders, the editor, predictions, drafts, hints, and the keyboard alone. */
import type { LabSection } from "../../src/components/lab/LabSurface.tsx";
import { LabPage } from "./lab-page.ts";
import { everythingStored, stored } from "./measuring.ts";
import { expect, test, type Page } from "./test.ts";

const top = (lab: LabPage, selector: string) =>
  lab.lab.locator(selector).evaluate((element) => element.getBoundingClientRect().top);
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("data-action") ?? document.activeElement?.tagName);

test.describe("on a wide window", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("code and result stand side by side, and the bar between them is moved by keys and remembered", async ({
    page,
  }) => {
    const lab = await LabPage.open(page);
    const box = async (selector: string) => (await lab.lab.locator(selector).boundingBox())!;
    const before = await box(".lab-work");
    const out = await box(".lab-out");
    expect(out.x).toBeGreaterThan(before.x + before.width);
    expect(Math.abs(out.y - before.y)).toBeLessThan(2);
    expect(out.x + out.width).toBeGreaterThan(1200);
    const bar = lab.lab.getByRole("separator", { name: "Width of the code" });
    await bar.focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
    await expect(bar).toHaveAttribute("aria-valuenow", "60");
    expect((await box(".lab-work")).width).toBeGreaterThan(before.width + 50);
    await expect.poll(() => everythingStored(page)).toContain('"lab-split","value":60');
    await page.reload();
    await lab.lab.scrollIntoViewIfNeeded();
    await expect(bar).toHaveAttribute("aria-valuenow", "60");
  });

  test("a run moves nothing in the code, and the old chart stays until the new one is painted", async ({ page }) => {
    const lab = await LabPage.open(page);
    await lab.run();
    await lab.lab.locator(".lab-bench").scrollIntoViewIfNeeded();
    const editor = await top(lab, ".lab-editor");
    const height = await lab.lab.locator(".lab-results").evaluate((element) => element.clientHeight);
    const least = lab.lab.evaluate(
      (section: LabSection) =>
        new Promise<number>((resolve) => {
          let smallest = Infinity;
          const results = section.querySelector(".lab-results")!;
          const watch = () => {
            smallest = Math.min(smallest, results.clientHeight);
            if (section.store!.busy.value) began = true;
            if (began && !section.store!.busy.value) resolve(smallest);
            else requestAnimationFrame(watch);
          };
          let began = false;
          watch();
        }),
    );
    await lab.run();
    expect(await least).toBeGreaterThanOrEqual(height - 1);
    expect(await top(lab, ".lab-editor")).toBe(editor);
  });

  test("a slider draws anew as it moves, ends at its last value, keeps the focus and keeps no runs", async ({
    page,
  }) => {
    const lab = await LabPage.open(page);
    await lab.run();
    const slider = lab.lab.getByRole("slider", { name: "Network round trip" });
    await slider.focus();
    for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowRight");
    await expect(lab.lab.locator('[data-part="drawn-with"]')).toContainText("Drawn with Network round trip 120 ms");
    await expect(slider).toBeFocused();
    await expect
      .poll(() => lab.lab.evaluate((section: LabSection) => section.store!.finished.value?.params["rtt"]))
      .toBe(120);
    expect(await lab.lab.evaluate((section: LabSection) => section.store!.runs.list.value.length)).toBe(1);
  });

  test("after an edit a slider waits for Run, and says so", async ({ page }) => {
    const lab = await LabPage.open(page);
    await lab.run();
    await lab.setCode(`${await lab.starter()}\n// mine`);
    await lab.lab.getByRole("slider").first().focus();
    await page.keyboard.press("ArrowRight");
    await expect(lab.lab.locator('[data-part="drawn-with"]')).toHaveText("Changed: press Run.");
  });
});

test.describe("in a low window", () => {
  test.use({ viewport: { width: 720, height: 450 } });
  test("the editor is no taller than the window less header and bar", async ({ page }) => {
    const lab = await LabPage.open(page);
    const height = await lab.lab.locator(".lab-editor").evaluate((element) => element.clientHeight);
    expect(height).toBeLessThan(450 - 64 - 100);
    expect(height).toBeGreaterThan(100);
  });
});

test("the first editor of a page completes names, in a list that hides what is behind it", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.editor.click();
  await expect(lab.lab.locator(".monaco-editor [role=textbox]")).toBeFocused({ timeout: 45_000 });
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\nMath.");
  const list = page.locator(".suggest-widget.visible");
  await expect(list).toContainText("abs", { timeout: 30_000 });
  expect(await list.evaluate((element) => getComputedStyle(element).backgroundColor)).toMatch(/^rgb\(/);
  await page.keyboard.press("Escape");
  await page.keyboard.type("PI; prefillStep");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Control+i");
  const way = page.locator(".monaco-hover a", { hasText: "prefillStep in the reference" });
  await expect(way).toHaveAttribute("data-href", /\/reference\/\w+\/#prefillStep$/);
});

test("the caret stays where it was clicked, and keys typed before Monaco is there are kept", async ({ page }) => {
  const lab = await LabPage.open(page);
  const line = lab.lab.locator(".code-line").nth(9);
  await line.scrollIntoViewIfNeeded();
  const { x, y, height } = (await line.boundingBox())!;
  await page.mouse.click(x + 300, y + height / 2);
  await page.keyboard.type("/*A*/");
  await expect(lab.lab.locator(".monaco-editor [role=textbox]")).toBeFocused({ timeout: 45_000 });
  await page.keyboard.type("/*B*/");
  const tenth = (await lab.code()).split("\n")[9]!;
  expect(tenth).toContain("/*A*//*B*/");
});

test("two labs on a page don't see each other's names", async ({ page }) => {
  const first = await LabPage.open(page, "anatomy-of-one-request", "lessons/01-introduction/");
  const second = new LabPage(page, "batch-size-bargain");
  await second.lab.scrollIntoViewIfNeeded();
  await expect(second.lab).toHaveAttribute("data-ready", "");
  for (const lab of [first, second]) {
    await lab.setCode("const n = 1;\nconst bad: string = 5;\n");
    await lab.editor.click();
    await expect(lab.lab.locator(".monaco-editor")).toBeVisible({ timeout: 45_000 });
  }
  for (const lab of [first, second]) {
    const errors = lab.lab.locator('[data-part="type-errors"]');
    await expect(errors.locator("summary")).toHaveText("1 type error", { timeout: 30_000 });
    await errors.locator("summary").click();
    await expect(errors.locator("li")).toContainText("line 2 Type 'number' is not assignable to type 'string'");
  }
});

test("Run asks for a prediction first; an impossible one is asked again; skipping is not for ever", async ({
  page,
}) => {
  const lab = await LabPage.open(page);
  await lab.button("run").click();
  await expect(lab.button("predict")).toBeFocused();
  await page.keyboard.press("Enter");
  const box = lab.lab.locator('[data-part="prediction"]');
  const guess = box.getByRole("textbox").first();
  await expect(guess).toBeFocused();
  for (const [typed, said] of [
    ["-5", "can't be below"],
    ["40 ms", "Write it in times"],
    ["much", "Write one number in times"],
  ] as const) {
    await guess.fill(typed);
    await page.keyboard.press("Enter");
    await expect(box).toContainText(said);
    await expect(guess).toBeEditable();
  }
  await guess.fill("");
  await lab.button("run").click();
  await lab.button("skip").click();
  await lab.idle();
  await expect(lab.charts.first()).toBeVisible();
  await guess.fill("30");
  await page.keyboard.press("Enter");
  await lab.run();
  await expect(lab.lab.locator('[data-part="verdict"]')).toContainText("close", { timeout: 30_000 });
});

test("a failed check offers the next hint and does not print it", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.check();
  const checks = lab.lab.locator(".lab-checks");
  await expect(checks).toContainText("Expected:");
  await expect(lab.lab.locator(".lab-hints p")).toHaveCount(0);
  await checks.getByRole("button", { name: "Show hint 1" }).click();
  await expect(lab.lab.locator(".lab-hints p")).toHaveCount(1);
});

test("two tabs keep a text each, and each hears of the other", async ({ page, context }) => {
  const one = await LabPage.open(page);
  const other = await context.newPage();
  const two = await LabPage.open(other);
  await one.setCode("// tab one");
  await expect(two.lab.locator('[data-part="notice"]')).toContainText("open in another tab too");
  await two.setCode("// tab two");
  await expect(one.lab.locator('[data-part="notice"]')).toContainText("open in another tab too");
  await stored(one.page, "// tab one");
  await stored(two.page, "// tab two");
  for (const [lab, text] of [
    [one, "// tab one"],
    [two, "// tab two"],
  ] as const) {
    await lab.page.reload();
    await lab.lab.scrollIntoViewIfNeeded();
    await expect(lab.lab).toHaveAttribute("data-ready", "");
    expect(await lab.code()).toBe(text);
  }
});

test.describe("where storage is refused", () => {
  test("a notice says so, and everything else works", async ({ page }) => {
    await page.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { value: undefined }));
    const lab = await LabPage.open(page);
    await expect(lab.lab.locator('[data-part="notice"]')).toContainText("refuses storage");
    await lab.run();
    await expect(lab.charts.first()).toBeVisible();
  });
});

test("the keyboard alone predicts, runs, stops, checks and takes the solution, and the focus is never lost", async ({
  page,
}) => {
  const lab = await LabPage.open(page);
  await lab.lab.getByRole("textbox").first().focus();
  await page.keyboard.type("30");
  await lab.button("run").focus();
  await page.keyboard.press("Enter");
  expect(await focused(page)).toBe("run");
  await lab.idle();
  expect(await focused(page)).toBe("run");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("stop");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("check");
  await page.keyboard.press("Enter");
  await lab.idle();
  expect(await focused(page)).toBe("check");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("solution");
  await page.keyboard.press("Enter");
  await expect(lab.lab.locator('[data-part="comparison"]')).toBeVisible();
  expect(await focused(page)).toBe("solution");
  await page.keyboard.press("Enter");
  await expect(lab.lab.locator('[data-part="comparison"]')).toHaveCount(0);
});

test("every lab has a page of its own, and the gallery leads to it @base", async ({ page }) => {
  await page.goto("labs/");
  await page.getByRole("link", { name: "Anatomy of one request" }).click();
  await expect(page.locator("h1")).toHaveText("Anatomy of one request");
  const lab = new LabPage(page, "anatomy-of-one-request");
  await expect(lab.lab).toHaveAttribute("data-ready", "");
  await lab.run();
  await expect(lab.charts.first()).toBeVisible();
});
