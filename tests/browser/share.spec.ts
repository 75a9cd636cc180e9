import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { LabPage } from "./lab-page.ts";
import { stored } from "./measuring.ts";
import { expect, test } from "./test.ts";

test("a link opens as a copy on the lab's page, runs nothing by itself, and leaves the reader's own code to be had back @base", async ({
  page,
}) => {
  const lab = await LabPage.open(page, "anatomy-of-one-request", "lessons/01-introduction/");
  await lab.setCode('console.log("shared");');
  await lab.button("share").click();
  const link = await lab.lab.getByLabel("Link to this code").inputValue();
  expect(link).toContain("labs/anatomy-of-one-request/#lab=1.");
  await lab.setCode('console.log("my own");');
  await stored(page, 'console.log("my own");');
  await page.goto(link);
  await expect(lab.lab).toHaveAttribute("data-ready", "");
  const notice = lab.lab.locator('[data-part="notice"]');
  await expect(notice).toContainText("This is a copy from a link");
  expect(await lab.code()).toContain("shared");
  await expect(lab.console).toBeHidden();
  expect(page.url()).not.toContain("#lab=");
  await notice.getByRole("button", { name: "Back to my own" }).click();
  expect(await lab.code()).toContain("my own");
});

test("a damaged, a foreign and a newer link say so and change nothing", async ({ page }) => {
  const lab = new LabPage(page, "anatomy-of-one-request");
  for (const [hash, words] of [
    ["lab=1.anatomy-of-one-request.00.abc", "damaged"],
    ["lab=1.another-lab.00.abc", "another lab"],
    ["lab=9.anatomy-of-one-request.00.abc", "newer version"],
  ] as const) {
    await page.goto("about:blank");
    await page.goto(`labs/anatomy-of-one-request/#${hash}`);
    await expect(lab.lab).toHaveAttribute("data-ready", "");
    await expect(lab.lab.locator('[data-part="notice"]')).toContainText(words);
    expect(await lab.code()).toBe(await lab.starter());
  }
});

test("a downloaded project runs with Node alone, gives the page's numbers, and says what it can't take", async ({
  page,
}, info) => {
  const lab = await LabPage.open(page);
  await lab.setCode(`${await lab.starter()}\nconsole.log(\`from the zip \${writerVersusReader} \${param("rtt")}\`);`);
  await lab.run();
  const printed = await lab.console.locator(".lab-console-line", { hasText: "from the zip" }).innerText();
  await lab.button("share").click();
  const download = page.waitForEvent("download");
  await lab.button("project").click();
  const file = info.outputPath("lab.zip");
  await (await download).saveAs(file);

  // Outside the repository, where no package and no compiler option of ours is near.
  const folder = mkdtempSync(join(tmpdir(), "perflab-project-"));
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(file)))) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const own = join(folder, "anatomy-of-one-request");
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["run.mjs", ...args], { cwd: own, encoding: "utf8" });
  const first = run();
  expect(first.stderr).toBe("");
  expect(first.status).toBe(0);
  expect(first.stdout).toContain(printed);
  const written = readdirSync(join(own, "results"));
  expect(written.filter((name) => name.endsWith(".svg")).length).toBeGreaterThan(0);
  expect(written.filter((name) => name.endsWith(".csv")).length).toBeGreaterThan(0);
  expect(run("--rtt", "200").stdout).toMatch(/from the zip [\d.]+ 200\n/);
  const wrong = run("--rtt", "fast");
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain("--rtt fast: give a number");
  rmSync(folder, { recursive: true });
});
