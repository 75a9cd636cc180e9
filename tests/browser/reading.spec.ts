/** What a reader does besides running labs: find the way, open a term with a finger, read formulas, print, read without scripts. */
import { expect, test, type Page } from "./test.ts";

const lesson = "lessons/01-introduction/";

/** Names of the fonts that a node is really drawn with. */
async function fontsOf(page: Page, selector: string): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("DOM.enable");
  await session.send("CSS.enable");
  const { root } = await session.send("DOM.getDocument", { depth: -1 });
  const { nodeIds } = await session.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector });
  const names = new Set<string>();
  for (const nodeId of nodeIds) {
    const { fonts } = await session.send("CSS.getPlatformFontsForNode", { nodeId });
    for (const { familyName, isCustomFont } of fonts)
      names.add(`${familyName}${isCustomFont ? "" : " (the system’s)"}`);
  }
  return [...names];
}

test("formulas are set in a maths font of ours, down to every sign, and subscripts stand below the line @base", async ({
  page,
}) => {
  for (const path of [lesson, "accuracy/", "guides/inside-the-simulator/", "guides/why-p99-matters/"]) {
    await page.goto(path);
    if ((await page.locator("math").count()) === 0) continue;
    await page.evaluate(() => document.fonts.ready);
    const fonts = await fontsOf(page, "math :is(mi, mn, mo)");
    expect(fonts, path).toEqual(["STIX Two Math"]);
  }
  await page.goto(lesson);
  await page.evaluate(() => document.fonts.ready);
  const sub = page.locator("math msub").first();
  const [base, index] = await sub.evaluate((node) => [...node.children].map((child) => child.getBoundingClientRect()));
  expect(index!.bottom).toBeGreaterThan(base!.bottom + 1);
  expect(index!.height).toBeLessThan(base!.height);
});

test("a formula wider than a phone scrolls in its own box, with its cut edge shaded", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(lesson);
  const wide = page.locator(".maths");
  const cut = await wide.evaluateAll((all) => all.filter((box) => box.scrollWidth > box.clientWidth + 1).length);
  expect(cut).toBeGreaterThan(0);
  await expect(wide.first()).toHaveCSS("background-attachment", "local, local, scroll, scroll");
  await expect(wide.first()).toHaveAttribute("tabindex", "0");
});

test("the home page has a menu on a phone, by finger and without scripts @base", async ({ page, browser, baseURL }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("");
  await page.locator("header summary", { hasText: "Menu" }).click();
  await page.getByRole("navigation", { name: "All pages" }).getByRole("link", { name: "Glossary" }).click();
  await expect(page.locator("h1")).toHaveText("Glossary");
  const still = await browser.newPage({ javaScriptEnabled: false, viewport: { width: 390, height: 844 }, baseURL });
  await still.goto("");
  await still.locator("header summary", { hasText: "Menu" }).click();
  await expect(still.getByRole("navigation", { name: "All pages" }).getByRole("link").first()).toBeVisible();
  await still.close();
});

test("the list of headings names the labs, leads to them, and notices the top", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(lesson);
  const list = page.locator("starlight-toc");
  await list.getByRole("link", { name: "Read on" }).click();
  await expect(list.locator('[aria-current="true"]')).toHaveText("Read on");
  await page.evaluate(() => scrollTo(0, 0));
  await expect(list.locator('[aria-current="true"]')).toHaveText("Overview");
  await list.getByRole("link", { name: "Lab: The batch-size bargain" }).click();
  await expect(page.locator("#lab-batch-size-bargain")).toBeInViewport();
  await expect(list.locator('[aria-current="true"]')).toHaveText(/^Lab: The batch-size bargain/);
  const outline = page.locator(".right-sidebar");
  await list.getByRole("link", { name: "Read on" }).evaluate((link) => link.blur());
  await expect(outline, "a wide lab lies over the list, which gives way").toHaveCSS("opacity", "0");
  await page.keyboard.press("Shift+Tab");
  await list.getByRole("link", { name: "Read on" }).focus();
  await expect(outline, "unless the keyboard is in it").toHaveCSS("opacity", "1");
});

test("a term opens in place under a finger, closes elsewhere, and leads to its entry on the second tap", async ({
  browser,
  baseURL,
}) => {
  const page = await browser.newPage({
    hasTouch: true,
    isMobile: true,
    viewport: { width: 390, height: 844 },
    baseURL,
  });
  await page.goto(lesson);
  const term = page.locator("main a.term").first();
  await term.tap();
  await expect(term.locator(".tip")).toBeVisible();
  expect(page.url()).toContain(lesson);
  const box = (await term.locator(".tip").boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(390);
  await page.locator("h1").tap();
  await expect(term.locator(".tip")).toBeHidden();
  await term.tap();
  await term.tap();
  await expect(page.locator(".glossary .entry:has(:target)")).toBeVisible();
  await page.close();
});

test("a live figure of the guide is computed anew as its knob is turned, and a term leads from the glossary to its first use", async ({
  page,
}) => {
  await page.goto("guides/why-p99-matters/");
  const figure = page.locator("#fan-out");
  const knob = figure.getByLabel("Calls in a task");
  await expect(figure.locator(".live-says")).toContainText("18 % of tasks");
  await figure.scrollIntoViewIfNeeded();
  await expect(async () => {
    await knob.press("End");
    await expect(figure.locator(".live-says")).toContainText("87 % of tasks", { timeout: 1000 });
  }).toPass();
  await page.goto("glossary/");
  await page
    .locator(".entry", { has: page.locator("#ttft") })
    .getByRole("link", { name: "Part 1" })
    .click();
  await expect(page.locator("a.term:target")).toBeInViewport();
});

test("citations are at least 24 px high on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of [lesson, "guides/why-p99-matters/", "accuracy/"]) {
    await page.goto(path);
    const low = await page
      .locator(".source, .sources a")
      .evaluateAll((all) =>
        all.filter((a) => [...a.getClientRects()].some(({ height }) => height < 24)).map((a) => a.textContent),
      );
    expect(low, path).toEqual([]);
  }
});

test("a tip lies over the list of headings, not under its text", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(lesson);
  const order = await page.evaluate(() => {
    const pane = getComputedStyle(document.querySelector(".main-pane")!);
    const list = getComputedStyle(document.querySelector(".right-sidebar-container")!);
    return [Number(pane.zIndex), Number(list.zIndex) || 0];
  });
  expect(order[0]).toBeGreaterThan(order[1]!);
});

test("a title is said once; the foot names the edition", async ({ page }) => {
  await page.goto("");
  await expect(page).toHaveTitle("AI Performance Engineering");
  await page.goto("glossary/");
  await expect(page).toHaveTitle("Glossary | AI Performance Engineering");
  await expect(page.locator(".colophon")).toContainText(/Version \d+\.\d+\.\d+/);
});

test("search knows no answer of a quiz, and leads to the glossary's entry @base", async ({ page }) => {
  await page.goto("");
  await page.getByRole("button", { name: "Search" }).click();
  const field = page.getByRole("dialog").getByRole("textbox");
  // Stands in the explanation of one option only.
  await field.fill("“Reading the KV cache”");
  await expect(page.locator(".pagefind-ui__message")).not.toHaveText(/Searching/);
  await expect(page.locator(".pagefind-ui__results")).not.toContainText(/Right:|Check answer/);
  // Stands in what a lab gives away once it is done; and words of its buttons.
  for (const words of ['"grows with the prompt and is over"', '"Show solution"']) {
    await field.fill(words);
    await expect(page.locator(".pagefind-ui__message")).toContainText(/^No results/);
  }
  await field.fill("coordinated omission");
  await page.locator('.pagefind-ui__result-link[href*="glossary/#coordinated-omission"]').first().click();
  await expect(page.locator(".glossary .entry:has(:target)")).toContainText("Coordinated omission");
});

test("the search field comes though the page never has an idle moment", async ({ page }) => {
  await page.addInitScript(() => {
    // As on a busy machine: a task that sets no limit to its waiting waits for ever.
    globalThis.requestIdleCallback = (task, options) =>
      options?.timeout === undefined ? 0 : setTimeout(task, options.timeout);
  });
  await page.goto("accuracy/");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("dialog").getByRole("textbox")).toBeVisible();
});

test("lesson 1 prints on at most 15 pages, in light colours though the screen is dark, without what only a finger can use", async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(lesson);
  const pdf = await page.pdf({ format: "A4" });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThan(3);
  expect(pages).toBeLessThanOrEqual(15);
  await page.emulateMedia({ colorScheme: "dark", media: "print" });
  for (const hidden of ["site-search", "button", "input", "[role=tablist]", "starlight-theme-select"])
    expect(await page.locator(hidden).filter({ visible: true }).count(), hidden).toBe(0);
  const pale = await page.evaluate(() => {
    const light = (colour: string) => {
      const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
      return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
    };
    const walker = document.createTreeWalker(document.querySelector("main")!, NodeFilter.SHOW_TEXT);
    const found = new Set<string>();
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement!;
      if (!walker.currentNode.textContent?.trim() || !parent.checkVisibility()) continue;
      if (parent.closest("svg, .place, .chart-badge")) continue;
      if (light(getComputedStyle(parent).color) > 0.62)
        found.add(`${parent.tagName}.${parent.className}: ${walker.currentNode.textContent.trim().slice(0, 40)}`);
    }
    return [...found];
  });
  expect(pale).toEqual([]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  for (const colorScheme of ["light", "dark"] as const)
    test(`a page has the system's colours: ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(lesson);
      const paper = colorScheme === "light" ? "rgb(252, 252, 248)" : "rgb(16, 20, 22)";
      await expect(page.locator("body")).toHaveCSS("background-color", paper);
    });
});

test("a command that was verified long ago says so, by the reader's clock", async ({ page }) => {
  await page.clock.setFixedTime(new Date("2026-12-01T12:00:00Z"));
  await page.goto("guides/your-own-gpu/");
  const step = page.locator("verified-step").first();
  await expect(step).toContainText(/^\s*Run by us on \d+ November 2026: Node 20 and 24, Linux x64\./);
  await expect(step.locator("strong")).toBeHidden();
  await page.clock.setFixedTime(new Date("2027-12-01T12:00:00Z"));
  await page.reload();
  await expect(step.locator("strong")).toBeVisible();
});
