/** The ways a page measures, in a real browser: straight from it, and through the runner that serves it. */
import type { LabSection } from "../../src/components/lab/LabSurface.tsx";
import { expect, test, type Page } from "./test.ts";
import { build } from "esbuild";
import { startBenchEndpoint, type BenchEndpoint } from "../../bench/client-endpoint.ts";
import type { TransportPage } from "./transport-page.ts";

declare const transportPage: TransportPage;

/** Seconds; an answer takes about a second, so that whoever queues behind six connections is seconds late. */
const [TTFT, ITL, TOKENS] = [0.1, 0.02, 50];

let endpoint: BenchEndpoint;
let script = "";

test.beforeAll(async () => {
  endpoint = await startBenchEndpoint();
  const { outputFiles } = await build({
    entryPoints: ["tests/browser/transport-page.ts"],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2023",
  });
  script = outputFiles[0]!.text;
});
test.beforeEach(() => endpoint.pace(TTFT, ITL, false));
test.afterAll(() => endpoint.close());

/** A page of the built site, with its own Content-Security-Policy and its own endpoint worker. */
async function open(page: Page): Promise<void> {
  await page.goto("lessons/01-introduction/");
  const lab = page.locator("[data-lab]").first();
  await lab.scrollIntoViewIfNeeded();
  await expect(lab).toHaveAttribute("data-ready", "");
  const worker = await lab.evaluate((section: LabSection) => section.store!.setup.urls.endpointWorker!);
  await page.evaluate(script);
  await page.evaluate((url) => transportPage.useWorker(url), worker);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

test("straight from the browser, six users are measured in full", async ({ page }) => {
  await open(page);
  const run = await page.evaluate(([url, tokens]) => transportPage.measure("browser", url, 6, 12, tokens), [
    endpoint.url,
    TOKENS,
  ] as const);
  expect(run).toMatchObject({ transport: "fetch", succeeded: 12, peak: 6 });
  expect(run.ended).toBeUndefined();
  expect(run.ttft).toBeGreaterThan(TTFT * 0.95);
  // Timing-Allow-Origin lets the browser's own wait be read.
  expect(run.sendWait).not.toBeNull();
});

test("straight from the browser, 32 users stop at six streams, and the run says why", async ({ page }) => {
  await open(page);
  const measure = () => page.evaluate((url) => transportPage.measure("browser", url, 32, 64, 20), endpoint.url);
  let run = await measure();
  // On a busy machine the worker may stand still, which rightly voids a run: a person would measure again.
  for (let again = 0; run.ended?.reason === "void" && again < 5; again++) run = await measure();
  expect(run).toMatchObject({ succeeded: 64, peak: 6, ended: { reason: "six-streams" } });
  expect(run.ended?.message).toMatch(/6 connections.*runner/);
  expect(run.fromScheduled, "the wait for a stream counts from when the request was due").toBeGreaterThan(3 * run.ttft);
});

test("through the runner, 32 users see the true TTFT, where a page's own fetches see their queue", async ({
  page,
  context,
}) => {
  await open(page);
  const run = await page.evaluate(([url, tokens]) => transportPage.measure("runner", url, 32, 64, tokens), [
    endpoint.url,
    TOKENS,
  ] as const);
  expect(run).toMatchObject({ transport: "node:http", succeeded: 64, peak: 32 });
  const log = new Map((await endpoint.log()).requests.map((entry) => [entry.requestId, entry]));
  const excess = median(run.ids.map((id, i) => run.firsts[i]! - log.get(id)!.first));

  const naive = await context.newPage();
  await naive.goto(new URL("/health", endpoint.url).href);
  const ttfts = await naive.evaluate(async (tokens) => {
    const one = async (): Promise<number> => {
      const began = performance.now();
      const answer = await fetch("/v1/chat/completions", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          model: "bench",
          messages: [{ role: "user", content: "count" }],
          stream: true,
          max_tokens: tokens,
          ignore_eos: true,
        }),
      });
      const reader = answer.body!.getReader();
      await reader.read();
      const first = performance.now();
      while (!(await reader.read()).done);
      return (first - began) / 1000;
    };
    return Promise.all(Array.from({ length: 32 }, one));
  }, TOKENS);
  const queued = median(ttfts) - TTFT;
  expect(queued, "six connections make the rest wait for whole answers").toBeGreaterThan(ITL * TOKENS);
  expect(excess, "seconds after the first token was emitted").toBeLessThan(queued / 5);
});

test("a worker that was frozen marks the run void", async ({ page }) => {
  await open(page);
  const started = page.waitForEvent("worker");
  const running = page.evaluate((url) => transportPage.measure("browser", url, 2, 12, 50), endpoint.url);
  const worker = await started;
  await expect.poll(async () => (await endpoint.log()).requests.length).toBeGreaterThan(5);
  await worker.evaluate(() => {
    const until = performance.now() + 1500;
    while (performance.now() < until);
  });
  const run = await running;
  expect(run.longestStall).toBeGreaterThan(0.5);
  expect(run.ended?.reason).toBe("void");
  expect(run.ended?.message).toMatch(/held the run up.*runner/);
});

test("a page that was hidden marks the run void", async ({ page }) => {
  await open(page);
  const running = page.evaluate((url) => transportPage.measure("browser", url, 2, 6, 30), endpoint.url);
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  const { ended } = await running;
  expect(ended?.reason).toBe("void");
  expect(ended?.message).toContain("hidden");
});
