import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./test.ts";

test("a learner goes over to German, runs the lab there, and is told in German what a check saw; it is passed in both languages @base", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto("labs/anatomy-of-one-request/");
  await page.getByRole("link", { name: "Deutsch" }).first().click();
  await expect(page).toHaveURL(/\/de\/labs\/anatomy-of-one-request\/$/);
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  const lab = page.locator("section.lab[data-ready]");
  await expect(lab.getByRole("heading", { name: "Anatomie einer Anfrage" })).toBeVisible();
  await expect(lab.locator('[data-part="untranslated"]')).toHaveCount(0);
  await lab.locator('input[name="value"]').fill("12,5");
  await lab.getByRole("button", { name: "Ausführen", exact: true }).click();
  await expect(lab.locator('[data-part="status"]')).toContainText("Gelaufen in");
  await expect(lab.locator('[data-part="verdict"]')).toContainText("12,5 mal");
  await expect(lab.locator(".chart-title").first()).toHaveText("Wohin die Zeit einer Anfrage geht");
  await lab.getByRole("button", { name: "Prüfen", exact: true }).click();
  const failed = lab.locator('[data-part="checks"] [data-state="failed"]').first();
  await expect(failed).toContainText("Noch nicht: Die Gesamtzeit ist TTFT plus N − 1 Decode-Schritte");
  await expect(failed).toContainText(
    /Gesehen: E2E von \d+ Tokens hinein und 1 heraus, in Sekunden: 0,\d+\. Erwartet: 0,\d+/,
  );
  await expect(failed).toContainText("Tipp: Zählen Sie die Decode-Schritte einer Antwort aus einem Token.");
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
  ).toEqual([]);
});

test("a lesson in German writes its numbers so, judges them so, and leads to English where there is nothing else, and says so", async ({
  page,
  request,
  baseURL,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("de/lessons/01-introduction/");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expect(page.locator("main")).toHaveAttribute("lang", "de");
  await expect(page.locator("main")).toContainText("6,47 ms");
  await expect(page.locator("#lab-batch-size-bargain [data-part=untranslated]")).toContainText("noch nicht übersetzt");
  const gap = page.locator("course-gap").nth(1);
  await gap.locator("input").fill("6,0");
  await page.keyboard.press("Tab");
  await expect(gap).toContainText("ein Token zu viel");
  await page.locator('a.point[data-figure="load"][data-state="load-256"]').focus();
  await expect(page.locator("#load output")).toHaveText("256 Nutzer");
  const links = await page
    .locator("a[href]")
    .evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href.split("#")[0]!));
  for (const link of new Set(links.filter((each) => each.startsWith(baseURL ?? ""))))
    expect((await request.get(link)).status(), link).toBe(200);
  await page.goto("de/lessons/02-inference-stack/");
  await expect(page.locator("main")).toHaveAttribute("lang", "en");
  await expect(page.getByText("Dieser Inhalt ist noch nicht in deiner Sprache verfügbar.")).toBeVisible();
});
