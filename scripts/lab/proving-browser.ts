/** A Chromium with the real sandbox in it, for proofs: one browser for all labs, and one page until a job takes it down. */
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
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  let measuring: Parameters<ProvingBrowser["measureWith"]>[0] | undefined;
  const open = async (): Promise<Page> => {
    const page = await browser.newPage();
    if (measuring) await page.exposeFunction("measureForLab", measuring);
    await page.goto(address);
    return page;
  };
  let page = open();
  await page;
  const once = async (job: LabJob, keepRuns: boolean): Promise<WholeTrial> => {
    const used = page;
    try {
      return await (
        await used
      ).evaluate(([job, keepRuns]) => globalThis.runLab(job, keepRuns), [job, keepRuns] as const);
    } catch (error) {
      if (!/crashed/.test(String(error))) throw error;
      // Whoever floods the memory takes the process of all frames along.
      if (page === used) page = open();
      return crashed;
    }
  };
  const queue = turns(atOnce);
  return {
    run: (job, keepRuns = false) =>
      queue(async () => {
        const whole = await withTraces(job);
        const trial = await once(whole, keepRuns);
        // What another job took down with it had no fault of its own: once more, then.
        return trial.ending.kind === "stopped" && trial.ending.by === "crash" ? once(whole, keepRuns) : trial;
      }),
    measureWith: async (measure) => {
      measuring = measure;
      await (await page).exposeFunction("measureForLab", measure);
    },
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

/** What a job leaves behind whose page went down under it. */
const crashed: WholeTrial = {
  ending: { kind: "stopped", by: "crash", message: "The page went down. Does something fill the memory without end?" },
  errors: [],
  results: [],
  exported: {},
  charts: [],
  bytes: 0,
  seconds: 0,
  runs: [],
};

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
