/** Part of bench:tools: simulations a second that the playground shows while a slider moves, of 1,000 requests each. */
import type { Browser } from "@playwright/test";
import { configure } from "../src/components/playground/configure.ts";
import { picture } from "../src/components/playground/picture.ts";
import { median, type Row } from "./report.ts";

const requests = 1000;
const rates = [4, 8, 12, 16, 20, 24];
/** Milliseconds for which the slider of the page is moved. */
const moving = 4000;
const alone = { peer: null, peerValue: null, ratio: null } as const;

/** Simulated and drawn up in Node: what the worker does between two frames. */
export function simulatorAlone(): Row {
  const once = (rate: number) => {
    const start = performance.now();
    const { simulated } = picture(configure({ rate: String(rate) }), { view: { from: 0, at: null }, atMost: requests });
    if (simulated !== requests) throw new Error(`simulated ${simulated} requests instead of ${requests}`);
    return performance.now() - start;
  };
  rates.forEach(once);
  const milliseconds = median(rates.flatMap((rate) => Array.from({ length: 5 }, () => once(rate))));
  return {
    id: "tools.simulator.alone.framesPerSecond",
    value: 1000 / milliseconds,
    unit: "/s",
    ...alone,
    note: "1,000 requests",
  };
}

/** In the page over the built site: the rate's slider is moved at every frame of the screen. */
export async function simulatorInPage(browser: Browser, site: string): Promise<readonly Row[]> {
  const page = await (await browser.newContext({ serviceWorkers: "block" })).newPage();
  await page.goto(`${site}tools/simulator/`, { waitUntil: "networkidle" });
  await page.locator('[data-tool="simulator"][data-ready]').waitFor();
  await page.locator('[data-chart="Time to first token"] canvas').first().waitFor();
  const { shown, longest, simulated } = await page.evaluate(async (milliseconds) => {
    let longest = 0;
    new PerformanceObserver((list) =>
      list.getEntries().forEach(({ duration }) => (longest = Math.max(longest, duration))),
    ).observe({
      entryTypes: ["longtask"],
    });
    const tool = document.querySelector<HTMLElement>('[data-tool="simulator"]')!;
    const slider = document.querySelector<HTMLInputElement>('input[name="rate-slider"]')!;
    const before = Number(tool.dataset["frames"]);
    const began = performance.now();
    for (let i = 0; performance.now() - began < milliseconds; i++) {
      slider.value = String(90 + (i % 60));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise(requestAnimationFrame);
    }
    return { shown: Number(tool.dataset["frames"]) - before, longest, simulated: tool.dataset["simulated"] };
  }, moving);
  await page.close();
  if (Number(simulated) !== requests)
    throw new Error(`the page simulated ${simulated} requests instead of ${requests}`);
  return [
    {
      id: "tools.simulator.page.framesPerSecond",
      value: shown / (moving / 1000),
      unit: "/s",
      ...alone,
      note: "1,000 requests, charts drawn, slider moved at every frame",
    },
    { id: "tools.simulator.longestTask.ms", value: longest, unit: "ms", ...alone, note: "0: none of 50 ms or more" },
  ];
}
