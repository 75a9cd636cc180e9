/** `npm run bench:lab [-- --json]`: what a learner waits for in a lab, in a real Chromium over the built site. Milliseconds, medians. */
import type { LabSection } from "../src/components/lab/LabSurface.tsx";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { chromium as playwright, type Browser, type Page } from "@playwright/test";
import { buildIfChanged } from "../src/server/build-if-changed.ts";
import { createSite } from "../src/server/site.ts";
import { chromium } from "../tests/browser/chromium.ts";
import { keptRuns } from "./kept-runs.ts";
import { median, print } from "./report.ts";

const rounds = 5;
const lab = "anatomy-of-one-request";
const output = resolve(process.env.OUT_DIR ?? "dist");
if (!existsSync(join(output, "index.html"))) await buildIfChanged(process.cwd(), output, console.error);

const files = createSite(output, "/", console.error);
/** Bytes of bodies sent since they were last taken, compressed as they went: workers' too, which the page's own protocol does not see. */
let sent = 0;
const server = createServer((request, response) => {
  response.once("finish", () => (sent += Number(response.getHeader("content-length") ?? 0)));
  files(request, response);
});
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lessons/01-introduction/`;
const { executablePath, args, env } = await chromium();
const browser = await playwright.launch({
  executablePath,
  args: [...args],
  env: { ...(process.env as Record<string, string>), ...env },
});

/** Each visitor begins with nothing stored, and meets the server. */
const fresh = { serviceWorkers: "block" } as const;

/** Does something with the lab's store. */
function inLab<T>(page: Page, act: (section: LabSection, code: string) => T, code = ""): Promise<T> {
  return page.locator(`[data-lab="${lab}"]`).evaluate(act as never, code) as Promise<T>;
}

/** A fresh profile with the lab in view for `seconds`. */
async function openLab(from: Browser, seconds: number): Promise<Page> {
  const page = await (await from.newContext(fresh)).newPage();
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
const compiledFirst: number[] = [];
const stopped: number[] = [];
for (let round = 0; round < rounds; round++) {
  const page = await openLab(browser, 2);
  cold.push(await clickToChart(page, "run"));
  const starter = await starterOf(page);
  // The first edit loads the compiler; the second finds it warm.
  for (const edit of [1, 2]) {
    await setCode(page, `${starter}\n// edit ${edit}`);
    const took = await clickToChart(page, "run");
    (edit === 1 ? compiledFirst : warm).push(took);
  }
  await setCode(page, "for (;;) {}");
  await page.locator(`[data-lab="${lab}"] [data-action="run"]`).click();
  await page.waitForTimeout(1000);
  stopped.push(await clickToChart(page, "stop", starter));
  await page.context().close();
}
/** Compressed bytes that came over the wire, by the step that first asked for them. */
async function coldBytes(): Promise<Record<"page" | "inView" | "firstRun" | "editor" | "firstEdit", number>> {
  const page = await (await browser.newContext({ ...fresh, viewport: { width: 1280, height: 800 } })).newPage();
  sent = 0;
  const taken = async () => {
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(1000);
    const now = sent;
    sent = 0;
    return now;
  };
  await page.goto(url);
  const first = await taken();
  await page.locator(`[data-lab="${lab}"]`).scrollIntoViewIfNeeded();
  await page.locator(`[data-lab="${lab}"][data-ready]`).waitFor();
  await inLab(page, (section) => {
    section.store!.prediction!.typed.value = "1";
  });
  const inView = await taken();
  await clickToChart(page, "run");
  const firstRun = await taken();
  await page.locator(`[data-lab="${lab}"] textarea.code-input`).click();
  await page.locator(`[data-lab="${lab}"] .monaco-editor`).waitFor({ timeout: 60_000 });
  const editor = await taken();
  await setCode(page, `${await starterOf(page)}\n// edit`);
  await clickToChart(page, "run");
  const firstEdit = await taken();
  await page.context().close();
  return { page: first, inView, firstRun, editor, firstEdit };
}

/** A slider dragged over its length in two seconds, once with the run following it and once with nothing to draw: frames a second of the page, and charts painted. */
async function drag(live: boolean): Promise<{ frames: number; charts: number }> {
  const page = await openLab(browser, 1);
  if (live) await clickToChart(page, "run");
  const measured = await page.evaluate(async (id) => {
    const root = document.querySelector<LabSection>(`[data-lab="${id}"]`)!;
    const slider = root.querySelector<HTMLInputElement>('input[type="range"]')!;
    slider.scrollIntoView({ block: "center" });
    const [min, max] = [Number(slider.min), Number(slider.max)];
    let charts = 0;
    root.addEventListener("chart-painted", () => charts++);
    const start = performance.now();
    let frames = 0;
    for (let at = start; at < start + 2000; at = await new Promise<number>(requestAnimationFrame)) {
      frames++;
      slider.value = String(min + ((max - min) * Math.max(0, at - start)) / 2000);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const seconds = (performance.now() - start) / 1000;
    return { frames: frames / seconds, charts: charts / seconds };
  }, lab);
  await page.context().close();
  return measured;
}

/** What a page that keeps nothing warm and can't stop a run makes a learner do: reload, and run. Milliseconds to the painted chart. */
async function reloadAndRun(): Promise<number> {
  const page = await openLab(browser, 1);
  const start = performance.now();
  await page.reload();
  await page.locator(`[data-lab="${lab}"]`).scrollIntoViewIfNeeded();
  await page.locator(`[data-lab="${lab}"][data-ready]`).waitFor();
  await inLab(page, (section) => {
    section.store!.prediction!.typed.value = "1";
  });
  await clickToChart(page, "run");
  const took = performance.now() - start;
  await page.context().close();
  return took;
}

const still = await drag(false);
const live = await drag(true);
const reloaded: number[] = [];
for (let round = 0; round < rounds; round++) reloaded.push(await reloadAndRun());
const bytes = await coldBytes();
const kept = await keptRuns(browser, url, lab, rounds);
await browser.close();
server.close();

/** `naive`: the same done the plain way, in this very run. */
const row = (id: string, value: number, unit: string, peer: string | null = null, naive: number | null = null) => ({
  id,
  value,
  unit,
  peer,
  peerValue: naive,
  ratio: naive === null ? null : value / naive,
});
const reload = "reloading the page and running";
const kilobytes = (...parts: number[]) => parts.reduce((sum, part) => sum + part, 0) / 1000;
const { page: beforeLab, inView, firstRun, editor, firstEdit } = bytes;
const atOnce = ["everything fetched at once", kilobytes(...Object.values(bytes))] as const;
print(
  "lab",
  [
    row("lab.coldRun.ms", median(cold), "ms", "its code compiled in the page first", median(compiledFirst)),
    row("lab.warmRun.ms", median(warm), "ms", reload, median(reloaded)),
    row("lab.stopToRun.ms", median(stopped), "ms", reload, median(reloaded)),
    row("lab.slider.framesPerSecond", live.frames, "1/s", "the same drag with nothing to draw", still.frames),
    row("lab.slider.chartsPerSecond", live.charts, "1/s"),
    row("lab.keptRuns1000.ms", kept.opened, "ms", "all 1,000 rows at once", kept.allRows),
    row("page.cold.kB", kilobytes(beforeLab), "kB", ...atOnce),
    row("lab.inView.kB", kilobytes(inView), "kB"),
    row("lab.toFirstRun.kB", kilobytes(inView, firstRun), "kB", ...atOnce),
    row("lab.editor.kB", kilobytes(editor), "kB"),
    row("lab.firstEdit.kB", kilobytes(firstEdit), "kB"),
  ],
  process.argv.includes("--json"),
);
