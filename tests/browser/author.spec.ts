/** A lab is written in the browser: proved in the sandbox, mended where the proof points, previewed, taken away as a folder; the draft outlives a reload. */
import { readFileSync } from "node:fs";
import { strFromU8, unzipSync } from "fflate";
import { everythingStored } from "./measuring.ts";
import { expect, test } from "./test.ts";

test("a lab is broken, told where, mended, proved, previewed, saved, and still there after a reload", async ({
  page,
}) => {
  await page.goto("author/");
  const text = page.getByRole("textbox", { name: /^solution\.ts/ });
  await expect(text).toHaveValue(/export function timePerToken/);
  await expect(page.locator(".author-page")).toHaveAttribute("data-ready", "");
  const whole = await text.inputValue();
  const said = page.locator("[data-part=author-said]");
  const proof = page.locator("[data-part=proof]");

  // Broken: the proof says where, and leads there by keyboard.
  await text.fill(whole.replace("/ tokens;", "/ tokens;\n  const x = ;"));
  await page.getByRole("button", { name: "Prove" }).click();
  await expect(proof).toContainText('Unexpected ";"', { timeout: 60_000 });
  await page.getByRole("radio", { name: "lab.yaml" }).check();
  await proof
    .getByRole("button", { name: /^solution\.ts, line \d+/ })
    .first()
    .press("Enter");
  await expect(text).toBeFocused();
  expect(
    await text.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd)),
  ).toBe("  const x = ;");

  // Stopped while every run of it waits for a timer, then proved. Meanwhile the draft can't be replaced under the proof.
  await page.getByRole("button", { name: "Begin anew" }).click();
  await text.fill(`${whole}\nawait new Promise((resolve) => setTimeout(resolve, 8_000));\n`);
  await page.getByRole("button", { name: "Prove" }).click();
  await expect(page.getByRole("button", { name: "Replace it" })).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(said).toHaveText("Stopped.");
  await expect(page.getByRole("button", { name: "Replace it" })).not.toHaveAttribute("aria-disabled");
  await page.getByRole("button", { name: "Keep the draft" }).click();
  await text.fill(whole);
  await page.getByRole("button", { name: "Prove" }).click();
  await expect(proof).toContainText(/Proved in .* nothing is wrong with it/, { timeout: 60_000 });
  await expect(proof.getByRole("row", { name: /the other way round/ })).toContainText(
    "each takes its share of the time",
  );

  await page.getByRole("button", { name: "Preview" }).click();
  const lab = page.locator("section.lab");
  await expect(lab).toHaveAttribute("data-ready", "", { timeout: 60_000 });
  await expect(lab.locator("ol.lab-steps li").first()).toHaveText("Answer the prediction.");

  // What an author tries is no progress of a learner's.
  await lab.locator("[data-action=run]").click();
  await lab.locator("[data-action=skip]").click();
  await expect(lab.locator("[data-part=status]")).toContainText("Ran in", { timeout: 60_000 });
  await expect(lab.locator(".kept-list li")).toHaveCount(1);
  expect(await everythingStored(page)).not.toContain("preview-of");

  // A name that is none, then a good one; the folder as a zip.
  const name = page.getByLabel("Name of its folder");
  await name.fill("My Lab");
  await expect(page.getByText("small letters, with hyphens between words")).toBeVisible();
  await name.fill("tokens-in-line");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as zip" }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe("tokens-in-line.zip");
  const files = unzipSync(readFileSync(await saved.path()));
  expect(strFromU8(files["tokens-in-line/solution.ts"]!)).toBe(whole);
  expect(Object.keys(files)).toContain("tokens-in-line/wrong.yaml");

  await page.reload();
  await expect(name).toHaveValue("tokens-in-line");

  // From a lab of the course; the draft is replaced only once that is said twice.
  await page.getByLabel("Begin with").selectOption("kv-ledger");
  await page.getByRole("button", { name: "Begin anew" }).click();
  await page.getByRole("button", { name: "Replace it" }).click();
  await expect(name).toHaveValue("kv-ledger-copy");
  await expect(page.getByRole("radio", { name: "configs.ts" })).toBeVisible();
});
