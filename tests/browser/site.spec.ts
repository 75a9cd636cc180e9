import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "./test.ts";

const lesson = "lessons/01-introduction/";
const pages = [
  "",
  lesson,
  "lessons/02-inference-stack/",
  "lessons/03-measuring-inference/",
  "lessons/04-continuous-batching/",
  "lessons/05-kv-cache-optimisation/",
  "lessons/06-reducing-ttft/",
  "lessons/07-throughput-and-sizing/",
  "lessons/08-rag-and-vector-search/",
  "courses/01-a-cap-on-the-batch/",
  "guides/why-p99-matters/",
  "guides/your-own-gpu/",
  "guides/point-a-lab-at-your-gpu/",
  "guides/many-machines/",
  "guides/write-a-lab/",
  "guides/write-a-lesson/",
  "guides/gallery/",
  "guides/inside-the-simulator/",
  "guides/beside-other-tools/",
  "source/src/engine/simulate/schedulers/vllm.ts/",
  "glossary/",
  "cheat-sheet/",
  "accuracy/",
  "catalogue/models/",
  "catalogue/prices/",
  "tools/measured/",
  "labs/",
  "labs/anatomy-of-one-request/",
  "labs/workspace/",
  "progress/",
  "capstone/",
  "completion/",
  "class/",
  "licences/",
  "tools/",
  "author/",
  "tools/percentiles/",
  "tools/estimator/",
  "tools/twin/",
  "tools/simulator/",
  "tools/doctor/",
  "404.html",
];

/** One page of each kind: what a base path can break shows on these; of the others only the links differ. */
const kinds = [
  "",
  lesson,
  "guides/gallery/",
  "accuracy/",
  "labs/workspace/",
  "author/",
  "tools/estimator/",
  "404.html",
];

/** In the dark only colours differ, so only what judges colours is asked again. */
const judgesColours = ["color-contrast", "link-in-text-block"];

/** A lesson is tried without its labs' insides, half of its elements: each kind of them is on a lab's own page, tried here too. */
async function violations(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] });
  if (new URL(page.url()).pathname.includes("/lessons/")) axe.exclude("section.lab");
  const { violations: found } = await (rules === undefined ? axe : axe.withRules(rules)).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

for (const path of pages)
  test(`axe finds nothing on /${path}, in light and in dark`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(path);
    expect(await violations(page), "in light").toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    expect(await violations(page, judgesColours), "in dark").toEqual([]);
  });

test("no page scrolls sideways at 390 px, breaks its own content security policy, asks another host for anything, or links to nowhere @base", async ({
  page,
  request,
  baseURL,
}) => {
  test.setTimeout(240_000);
  const { origin: ours } = new URL(baseURL ?? "");
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (asked) => {
    const { origin, protocol } = new URL(asked.url());
    if (protocol.startsWith("http") && origin !== ours) complaints.push(`asks ${asked.url()}`);
  });
  await page.setViewportSize({ width: 390, height: 844 });
  const seen = new Set<string>();
  const walked = new URL(baseURL ?? "").pathname === "/" ? pages : kinds;
  for (const path of walked) {
    await page.goto(path, { waitUntil: "networkidle" });
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
    const policy = page.locator('meta[http-equiv="Content-Security-Policy"]');
    await expect(policy, path).toHaveAttribute("content", /connect-src 'self'; frame-src 'self'/);
    if (path === "404.html") continue;
    const links = await page.locator("a[href]").evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href));
    const anchors = links.filter((link) => link.startsWith(`${page.url().split("#")[0]}#`));
    const ids = [...new Set(anchors)].map((anchor) => decodeURIComponent(new URL(anchor).hash.slice(1)));
    const lost = await page.evaluate((names) => names.filter((name) => document.getElementById(name) === null), ids);
    expect(lost, `${path}: anchors that lead nowhere`).toEqual([]);
    for (const link of links) if (new URL(link).origin === ours) seen.add(link.split("#")[0] ?? "");
  }
  for (const path of pages.filter((each) => !walked.includes(each))) {
    const response = await request.get(path);
    for (const [, href] of (await response.text()).matchAll(/<a\s[^>]*?\bhref="([^"]+)"/g)) {
      const link = new URL(href!, response.url());
      if (link.origin === ours) seen.add(link.href.split("#")[0] ?? "");
    }
  }
  expect(complaints).toEqual([]);
  expect(seen.size).toBeGreaterThan(100);
  for (const link of seen) {
    expect(link, "stays under the base path").toContain(baseURL);
    expect((await request.get(link)).status(), link).toBe(200);
  }
});

test("the quiz is answered with the keyboard, says why, and remembers", async ({ page }) => {
  await page.goto(lesson);
  const form = page.locator('course-quiz form[data-kind="choice"]').first();
  await form.locator("input").first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(form.locator(".option").first()).toContainText("Not quite.");
  await expect(form.locator(".option[data-right] .why"), "what is right stays covered").toBeHidden();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.locator("course-quiz .score")).toContainText("1 right of 1");
  const typed = page.locator('course-quiz form[data-kind="number"]').first();
  await typed.locator(".typed input").fill("5.4 s");
  await page.keyboard.press("Enter");
  await expect(typed.locator(".said")).toContainText("The first token’s time is counted twice");
  await typed.locator(".typed input").fill("5375 ms");
  await page.keyboard.press("Enter");
  await expect(page.locator("course-quiz .score")).toContainText("2 right of 2");
  await page.reload();
  await expect(page.locator("course-quiz .score")).toContainText("2 right of 2");
  await expect(typed.locator(".typed input")).toHaveValue("5375 ms");
});

test("a sentence moves its figure, a gap knows a slip, a guess is compared, and a decision is committed before it is discussed", async ({
  page,
}) => {
  await page.goto(lesson);
  const figure = page.locator("#load");
  await page.locator('a.point[data-figure="load"][data-state="load-256"]').focus();
  await expect(figure.locator("output")).toHaveText("256 users");
  await figure.locator("input[type=range]").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(figure.locator("output")).toHaveText("128 users");
  await expect(figure.locator(".says")).toContainText("The most goodput there is.");

  const gap = page.locator("course-gap").first();
  await gap.locator("input").fill("300");
  await page.keyboard.press("Tab");
  await expect(gap).toContainText("It costs no TPOT");

  const attempt = page.locator("course-try");
  await expect(attempt.locator(".explanation")).toBeHidden();
  await attempt.locator("input").fill("9.6");
  await page.keyboard.press("Enter");
  await expect(attempt).toContainText("a factor of 2.0 too high");
  await expect(attempt.locator(".explanation")).toBeVisible();

  const decision = page.locator("course-decision");
  await decision.locator("input[type=radio]").first().check();
  await decision.getByRole("button", { name: "Commit" }).click();
  await expect(decision).toContainText("One line of reason first");
  await expect(decision.locator("table")).toBeHidden();
  await decision.locator("[name=reason]").fill("It has the throughput.");
  await page.keyboard.press("Enter");
  await expect(decision.locator("table")).toBeVisible();
  await expect(decision.locator("tr.chosen")).toContainText("One H100");
});

test("a term says what it means on focus and has an entry of its own", async ({ page }) => {
  await page.goto(lesson);
  const term = page.locator("a.term").first();
  await term.focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  await expect(term.locator(".tip")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.locator(".glossary .entry:has(:target)")).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test("the lesson, its figures, starters and answers are readable @base", async ({ page }) => {
    await page.goto(lesson);
    await expect(page.locator("h1")).toHaveText("What is AI performance engineering?");
    await expect(page.locator("main figure svg:visible").first()).toBeVisible();
    await expect(page.locator("main")).toContainText('from "perflab"');
    const answer = page.locator("course-quiz details").first();
    await answer.locator("summary").click();
    await expect(answer).toContainText("5.375 s.");
    await expect(page.locator("nav[aria-label='Parts of the course']")).toContainText("2. The inference stack");
  });
});
