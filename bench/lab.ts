/** `npm run bench:lab [-- --json]`: what a learner waits for in a lab, in a real Chromium over the built site. Milliseconds, medians. */
import type { LabSection } from "../src/components/lab/LabSurface.tsx";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { chromium as playwright, type Browser, type Page } from "@playwright/test";
import { createSite } from "../src/server/site.ts";
import { chromium } from "../tests/browser/chromium.ts";
import { median, print } from "./report.ts";

const rounds = 5;
const lab = "anatomy-of-one-request";
const output = resolve(process.env.OUT_DIR ?? "dist");
if (!existsSync(join(output, "index.html"))) throw new Error(`${output} holds no site; run npm run build first`);

const files = createSite(output, "/", console.error);
const server = createServer(files);
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lessons/01-introduction/`;
const { executablePath, args, env } = await chromium();
const browser = await playwright.launch({
  executablePath,
  args: [...args],
  env: { ...(process.env as Record<string, string>), ...env },
});

/** Does something with the lab's store. */
function inLab<T>(page: Page, act: (section: LabSection, code: string) => T, code = ""): Promise<T> {
  return page.locator(`[data-lab="${lab}"]`).evaluate(act as never, code) as Promise<T>;
}

/** A fresh profile with the lab in view for `seconds`. */
async function openLab(from: Browser, seconds: number): Promise<Page> {
  const page = await (await from.newContext()).newPage();
  await page.goto(url);
  await page.locator(`[data-lab="${lab}"]`).scrollIntoViewIfNeeded();
  await page.locator(`[data-lab="${lab}"][data-ready]`).waitFor();
  await inLab(page, (section) => {
    section.store!.prediction!.typed.value = "1";
  });
  await page.waitForTimeout(seconds * 1000);
  return page;
}

/** Clicks Run (after Stop and a change of code, if so named) and waits until the charts of the next run have been painted; milliseconds. */
function clickToChart(page: Page, name: "run" | "stop", code = ""): Promise<number> {
  return page.evaluate(
    async ([id, first, next]) => {
      const root = document.querySelector<LabSection>(`[data-lab="${id}"]`)!;
      const button = (action: string) => root.querySelector<HTMLButtonElement>(`[data-action="${action}"]`)!;
      const busy = () => button("run").ariaDisabled === "true";
      const frame = () => new Promise(requestAnimationFrame);
      const start = performance.now();
      if (first !== "run") {
        button(first!).click();
        while (busy()) await frame();
        root.store!.code.type(next!);
      }
      let painted = false;
      root.addEventListener("chart-painted", () => (painted = true), { once: true });
      button("run").click();
      while (busy() || !painted) await frame();
      await frame();
      await frame();
      return performance.now() - start;
    },
    [lab, name, code],
  );
}

const setCode = (page: Page, code: string) => inLab(page, (section, text) => section.store!.code.type(text), code);
const starterOf = (page: Page) => inLab(page, (section) => section.store!.setup.starter);

const cold: number[] = [];
const warm: number[] = [];
const stopped: number[] = [];
for (let round = 0; round < rounds; round++) {
  const page = await openLab(browser, 2);
  cold.push(await clickToChart(page, "run"));
  const starter = await starterOf(page);
  // The first edit loads the compiler; the second finds it warm.
  for (const edit of [1, 2]) {
    await setCode(page, `${starter}\n// edit ${edit}`);
    const took = await clickToChart(page, "run");
    if (edit === 2) warm.push(took);
  }
  await setCode(page, "for (;;) {}");
  await page.locator(`[data-lab="${lab}"] [data-action="run"]`).click();
  await page.waitForTimeout(1000);
  stopped.push(await clickToChart(page, "stop", starter));
  await page.context().close();
}
await browser.close();
server.close();

const row = (id: string, values: number[]) => ({
  id,
  value: median(values),
  unit: "ms",
  peer: null,
  peerValue: null,
  ratio: null,
});
print(
  "lab",
  [row("lab.coldRun.ms", cold), row("lab.warmRun.ms", warm), row("lab.stopToRun.ms", stopped)],
  process.argv.includes("--json"),
);
