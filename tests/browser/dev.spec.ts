/** `npm run dev` as an instructor uses it, in this checkout: a lab is saved and put back. */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "./test.ts";

const port = Number(process.env.TEST_PORT ?? 4391) + 8;
const lab = "labs/anatomy-of-one-request";
const own = `http://127.0.0.1:${port}/${lab}/`;
let dev: ChildProcess;
const originals = new Map<string, string>();

/** Saves a file of the lab, to be put back at the end. */
function save(file: string, edit: (text: string) => string): void {
  const path = `${lab}/${file}`;
  const text = readFileSync(path, "utf8");
  if (!originals.has(path)) originals.set(path, text);
  writeFileSync(path, edit(text));
}

test.beforeAll(async () => {
  test.setTimeout(240_000);
  dev = spawn(process.execPath, ["src/server/start.ts", "--dev", "--port", String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, BASE: "/", NO_COLOR: "1" },
  });
  await new Promise<void>((resolve, reject) => {
    dev.once("exit", (code) => reject(new Error(`dev ended with ${code}`)));
    dev.stdout?.on("data", (text: Buffer) => text.includes("Ctrl+C") && resolve());
  });
});
test.afterAll(() => {
  for (const [path, text] of originals) writeFileSync(path, text);
  dev.kill();
});

test("a saved lab reloads its page, starter and checks together; a broken one says why; the real editor opens", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await page.goto(own, { timeout: 120_000 });
  const element = page.locator(`[data-lab="anatomy-of-one-request"]`);
  await element.scrollIntoViewIfNeeded();
  await expect(element).toHaveAttribute("data-ready", "", { timeout: 60_000 });

  const checks = element.locator('[data-part="checks"]');
  await element.locator(".code-input").click();
  await expect(element.locator(".monaco-editor").first()).toBeVisible({ timeout: 60_000 });
  await expect(element.getByText("The full editor could not be loaded")).toHaveCount(0);

  const panel = page.locator(".author-panel").first();
  await panel.locator("summary").click();
  await panel.locator('[data-action="prove"]').click();
  await expect(panel.locator('[data-part="proof"]')).toContainText("nothing is wrong with it", { timeout: 90_000 });
  await expect(panel.locator("tbody tr").first()).toContainText("the starter");

  // Saved together, as an instructor does: whatever the page shows must belong to one state.
  save("checks.ts", (text) => text.replace(/check\(\s*"[^"]+"/, 'check("A check that has just been saved"'));
  await expect(checks).toContainText("A check that has just been saved", { timeout: 60_000 });

  save("lab.yaml", (text) => `${text}\nnonsense: 1\n`);
  await expect(page.locator("vite-error-overlay").getByText("nonsense").first()).toBeVisible({ timeout: 60_000 });
  save("lab.yaml", () => originals.get(`${lab}/lab.yaml`)!);
  await expect(checks).toContainText("A check that has just been saved", { timeout: 60_000 });
});
