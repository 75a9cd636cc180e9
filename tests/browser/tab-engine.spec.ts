import { readFileSync } from "node:fs";
import { expect, test, type Page } from "./test.ts";
import { build } from "esbuild";
import type { Run } from "../../src/engine/run.ts";
import type * as TabEngine from "../../src/endpoint/tab-engine.ts";

declare global {
  var tab: typeof TabEngine;
}

/** The page's side, as the target picker bundles it; the worker is the built one, under the page's own policy. */
let pageSide = "";
const { tabEngine } = JSON.parse(readFileSync("public/generated/manifest.json", "utf8")) as { tabEngine: string };

test.beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ["src/endpoint/tab-engine.ts"],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "tab",
  });
  pageSide = outputFiles[0]!.text.replace(/^"use strict";\s*var tab =/, "globalThis.tab =");
});

async function openPage(page: Page): Promise<void> {
  await page.goto("lessons/01-introduction/");
  await page.evaluate(pageSide);
  await page.evaluate((url) => tab.useTabEngine(new URL(url, location.href)), `../../generated/${tabEngine}`);
}

/** A Run as it comes out of the page: typed arrays as plain lists. */
type Plain<T> = {
  [K in keyof T]: T[K] extends Float64Array | Uint8Array | Uint16Array | Uint32Array ? number[] : T[K];
};
interface Answer {
  readonly origin: Run["origin"];
  readonly ended: Run["ended"];
  readonly requests: Plain<Run["requests"]>;
  readonly answerTokens: readonly number[];
  readonly peakInFlight: number;
}

/** Measures in the page; `stopAfter` requests, if given, the run is stopped. */
async function measure(
  page: Page,
  users: number,
  requests: number,
  output: number,
  stopAfter = Infinity,
): Promise<Answer & { loading: number[] }> {
  return page.evaluate(
    async ({ users, requests, output, stopAfter }) => {
      const stop = new AbortController();
      const loading: number[] = [];
      const run = await tab.measureInTab(
        {
          arrivals: { kind: "closed", users },
          requests,
          prompt: { kind: "fixed", value: 60 },
          output: { kind: "fixed", value: output },
          seed: 1,
        },
        {
          warmup: 2,
          signal: stop.signal,
          onLoading: (_what, fraction) => loading.push(fraction),
          onProgress: (done) => done >= stopAfter && stop.abort(),
        },
      );
      const plain = (columns: object) =>
        Object.fromEntries(
          Object.entries(columns).map(([name, value]) => [
            name,
            ArrayBuffer.isView(value) ? [...(value as never)] : value,
          ]),
        );
      const answerTokens = Array.from({ length: run.requests.count }, () => 0);
      run.chunks?.tokens.forEach((tokens, i) => (answerTokens[run.chunks!.request[i]!]! += tokens));
      return {
        origin: run.origin,
        ended: run.ended,
        requests: plain(run.requests),
        answerTokens,
        peakInFlight: run.measurement?.peakInFlight ?? NaN,
        loading,
      } as never;
    },
    { users, requests, output, stopAfter },
  );
}

test("a real engine in the tab answers every request, and its counts are what arrived", async ({ page }) => {
  await openPage(page);
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== new URL(page.url()).host) elsewhere.push(request.url());
  });
  const { origin, requests, answerTokens, loading } = await measure(page, 1, 2, 12);
  expect(loading.at(-1)).toBe(1);
  expect([...loading].sort((a, b) => a - b)).toEqual(loading);
  expect(origin).toMatchObject({ kind: "measured", target: "llama.cpp in this tab" });
  expect(requests.status).toEqual([0, 0]);
  expect(requests.tokenSource).toEqual([1, 1]);
  expect(requests.outputTokens).toEqual([12, 12]);
  expect(answerTokens).toEqual([12, 12]);
  for (let i = 0; i < requests.count; i++) {
    expect(requests.first[i]).toBeGreaterThan(requests.started[i]!);
    expect(requests.last[i]).toBeGreaterThan(requests.first[i]!);
  }
  expect(elsewhere).toEqual([]);
});

test("sequences share the engine's batches, and a stopped run accounts for every request", async ({ page }) => {
  await openPage(page);
  const together = await measure(page, 4, 4, 32);
  expect(together.requests.status).toEqual([0, 0, 0, 0]);
  const { first, last } = together.requests;
  expect(Math.max(...first), "all four decode at once").toBeLessThan(Math.min(...last));

  const stopped = await measure(page, 2, 6, 24, 2);
  expect(stopped.loading, "the engine stays loaded").toEqual([]);
  expect(stopped.requests.count).toBe(6);
  expect(stopped.requests.status.filter((status) => status === 0).length).toBeGreaterThanOrEqual(2);
  expect(stopped.requests.status.filter((status) => status !== 0).length).toBeGreaterThan(0);
  const after = await measure(page, 1, 1, 8);
  expect(after.requests.outputTokens, "the engine answers again after a stop").toEqual([8]);
});

test("a browser that lacks what llama.cpp needs is told so, with what to do instead", async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(WebAssembly, "Suspending"));
  await openPage(page);
  const said = await page.evaluate(() =>
    tab
      .measureInTab({
        arrivals: { kind: "burst" },
        requests: 1,
        prompt: { kind: "fixed", value: 10 },
        output: { kind: "fixed", value: 2 },
      })
      .then(
        () => "",
        (error: Error) => error.message,
      ),
  );
  expect(said).toContain("lacks JavaScript promise integration (JSPI)");
  expect(said).toContain("Run on the simulated server");
});
