/** A Chromium with the real sandbox in it, for proofs: one browser and one page for all labs. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { chromium as playwright, type Page } from "@playwright/test";
import { build } from "esbuild";
import type { Run } from "../../src/engine/run.ts";
import type { PackedTrace } from "../../src/engine/workload/traces/decode.ts";
import { shippedTraces } from "../../src/engine/workload/traces/names.ts";
import type { Workload } from "../../src/engine/workload/types.ts";
import type { LabJob } from "../../src/lab/protocol.ts";
import { tracesOf } from "../../src/lab/traces.ts";
import { chromium } from "../../tests/browser/chromium.ts";
import { labCode, out, root, step } from "./output.ts";
import type { WholeTrial } from "../../src/lab/trial.ts";
import { buildSandbox } from "./sandbox.ts";

export interface ProvingBrowser {
  /** Runs a job under its limit; a few at a time, the others wait. `keepRuns`: hands its Runs back too. */
  run(job: LabJob, keepRuns?: boolean): Promise<WholeTrial>;
  /** Where `benchmark` measures from now on: a job with `measured` calls this. */
  measureWith(measure: (workload: Workload, warmup: number) => Promise<Run>): Promise<void>;
  close(): Promise<void>;
}

/** Sandboxes under way at once: more would share the two cores of a small machine and run into their limits. */
const atOnce = 2;

export async function openProvingBrowser(): Promise<ProvingBrowser> {
  const { sandbox } = await step("sandbox", labCode, ["esbuild", "esbuild-wasm"], buildSandbox);
  const [document, script, launch] = await Promise.all([readFile(join(out, sandbox ?? "")), bundlePage(), chromium()]);
  const pages: Readonly<Record<string, readonly [string, string | Buffer]>> = {
    "/": [
      "text/html",
      '<!doctype html><meta charset="utf-8"><title>Proofs</title><body><script src="page.js"></script></body>',
    ],
    "/page.js": ["text/javascript", script],
    "/sandbox.html": ["text/html", document],
  };
  const server = createServer((request, response) => {
    const [type, body] = pages[request.url ?? ""] ?? ["text/plain", ""];
    response.writeHead(request.url !== undefined && request.url in pages ? 200 : 404, {
      "content-type": `${type}; charset=utf-8`,
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await playwright.launch({
    executablePath: launch.executablePath,
    args: [...launch.args],
    env: { ...(process.env as Record<string, string>), ...launch.env },
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const queue = turns(atOnce);
  return {
    run: (job, keepRuns = false) => queue(async () => patiently(page, await withTraces(job), keepRuns)),
    measureWith: async (measure) => {
      await page.exposeFunction("measureForLab", measure);
    },
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

/** A frame that another job flooded takes this one with it, through no fault of its own: once more, then. */
async function patiently(page: Page, job: LabJob, keepRuns: boolean): Promise<WholeTrial> {
  const once = () => page.evaluate(([job, keepRuns]) => globalThis.runLab(job, keepRuns), [job, keepRuns] as const);
  const trial = await once();
  return trial.ending.kind === "stopped" && trial.ending.by === "crash" ? once() : trial;
}

/** With the data of the shipped traces that its code or its checks name. */
async function withTraces(job: LabJob): Promise<LabJob> {
  const named = tracesOf([], `${job.code}\n${job.checks ?? ""}`, shippedTraces);
  if (named.length === 0) return job;
  const files = named.map((name) => readFile(join(root, "src/engine/workload/traces", `${name}.json`), "utf8"));
  return { ...job, traces: (await Promise.all(files)).map((text) => JSON.parse(text) as PackedTrace) };
}

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["scripts/lab/proving-page.ts"],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2023",
    define: { "import.meta.env": "{}" },
  });
  return outputFiles[0]?.text ?? "";
}

/** Lets `most` tasks run at a time, in order. */
function turns(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (task) => {
    if (busy >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    busy++;
    try {
      return await task();
    } finally {
      busy--;
      waiting.shift()?.();
    }
  };
}
