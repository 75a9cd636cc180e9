/** `npm run bench:tools [-- --json]`: a million rows in the analyser and the simulator under a moving slider, alone and in the page over the built site; the finder over the catalogue. Medians. */
import { writeFileSync, mkdtempSync, rmSync, existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium as playwright } from "@playwright/test";
import { analyse } from "../src/engine/percentiles/analyse.ts";
import { readInput } from "../src/engine/percentiles/read-input.ts";
import { defaults } from "../src/engine/percentiles/settings.ts";
import { createRandom } from "../src/engine/random.ts";
import { buildIfChanged } from "../src/server/build-if-changed.ts";
import { createSite } from "../src/server/site.ts";
import { chromium } from "../tests/browser/chromium.ts";
import { finderRows } from "./finder-rows.ts";
import { median, print, type Row } from "./report.ts";
import { simulatorAlone, simulatorInPage } from "./simulator-rows.ts";

const ROWS = 1_000_000;
const rounds = 3;
const alone = { peer: null, peerValue: null, ratio: null } as const;

/** A start time, a latency and an outcome a row. */
function millionRows(): string {
  const random = createRandom(1, "bench");
  const lines = ["start_s,latency_ms,status"];
  for (let i = 0; i < ROWS; i++)
    lines.push(
      `${(i / 500).toFixed(3)},${(120 * Math.exp(0.6 * random.normal())).toFixed(3)},${i % 997 ? "ok" : "failed"}`,
    );
  return lines.join("\n");
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const text = millionRows();
const read: number[] = [];
const analysed: number[] = [];
for (let i = 0; i < rounds; i++) {
  let input!: ReturnType<typeof readInput>;
  read.push(timed(() => (input = readInput(text))));
  analysed.push(timed(() => analyse([{ name: "A", table: input.results[0]!.table! }], defaults)));
}
const rows: Row[] = [
  { id: "tools.percentiles.read1M.ms", value: median(read), unit: "ms", ...alone },
  { id: "tools.percentiles.analyse1M.ms", value: median(analysed), unit: "ms", ...alone },
  simulatorAlone(),
];

rows.push(...finderRows());

const output = resolve(process.env.OUT_DIR ?? "dist");
if (!existsSync(join(output, "tools/percentiles/index.html")))
  await buildIfChanged(process.cwd(), output, console.error);
const server = createServer(createSite(output, "/", console.error));
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
const { executablePath, args, env } = await chromium();
const browser = await playwright.launch({
  executablePath,
  args: [...args],
  env: { ...(process.env as Record<string, string>), ...env },
});
const folder = mkdtempSync(join(tmpdir(), "bench-tools-"));
const file = join(folder, "million.csv");
writeFileSync(file, text);
try {
  const times: number[] = [];
  const longest: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const page = await (await browser.newContext({ serviceWorkers: "block" })).newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/tools/percentiles/`, {
      waitUntil: "networkidle",
    });
    await page.evaluate(() => {
      const seen = ((globalThis as unknown as { seen: number[] }).seen = []) as number[];
      new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => seen.push(duration))).observe({
        entryTypes: ["longtask"],
      });
      const input = document.querySelector('[data-slot="a"] input[type=file]')!;
      input.addEventListener("change", () => performance.mark("given"), { capture: true });
      new MutationObserver(() => {
        if (document.querySelector('[data-statistic="p99"]')) performance.mark("shown");
      }).observe(document.body, { subtree: true, childList: true });
    });
    await page.locator('[data-slot="a"] input[type=file]').setInputFiles(file);
    await page.locator('[data-statistic="p99"]').waitFor();
    await page.locator("perf-chart").first().waitFor();
    const of = await page.evaluate(() => {
      const at = (name: string) => performance.getEntriesByName(name)[0]!.startTime;
      return { time: at("shown") - at("given"), seen: (globalThis as unknown as { seen: number[] }).seen };
    });
    times.push(of.time);
    longest.push(Math.max(0, ...of.seen));
    await page.close();
  }
  rows.push(
    {
      id: "tools.percentiles.page1M.ms",
      value: median(times),
      unit: "ms",
      ...alone,
      note: "from the file given to the table shown",
    },
    {
      id: "tools.percentiles.longestTask.ms",
      value: median(longest),
      unit: "ms",
      ...alone,
      note: "0: none of 50 ms or more",
    },
  );
  rows.push(...(await simulatorInPage(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`)));
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true });
}
print("tools", rows, process.argv.includes("--json"));
