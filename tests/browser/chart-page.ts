/** Charts in a page of their own, without the site around them. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { build } from "esbuild";
import type { PerfChart } from "../../src/components/charts/perf-chart.ts";
import type { ChartDescription } from "../../src/engine/chart/index.ts";

const origin = "http://charts.test/";
let bundled: Promise<Map<string, string>> | null = null;

async function bundle(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: { charts: "tests/browser/chart-harness.tsx" },
    jsx: "automatic",
    jsxImportSource: "preact",
    bundle: true,
    splitting: true,
    format: "esm",
    outdir: "/",
    write: false,
  });
  const tokens = await readFile("src/styles/tokens.css", "utf8");
  const files = new Map(outputFiles.map((f) => [f.path.slice(1), f.text]));
  files.set(
    "",
    `<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8"><title>Charts</title>
     <link rel="stylesheet" href="charts.css"><style>${tokens} body { background: var(--paper); color: var(--body); width: 640px }</style>
     <main><h1>Charts</h1><div id="charts"></div></main><script type="module" src="charts.js"></script></html>`,
  );
  return files;
}

export async function open(page: Page): Promise<void> {
  const files = await (bundled ??= bundle());
  await page.route(`${origin}**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const type = name.endsWith(".js") ? "text/javascript" : name.endsWith(".css") ? "text/css" : "text/html";
    const body = files.get(name);
    return body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ body, contentType: type });
  });
  await page.goto(origin);
}

/** Adds a chart, or gives the last one a new description, and waits until it is painted. */
export async function show(page: Page, description: ChartDescription, again = false): Promise<void> {
  await page.evaluate(
    async ([d, last]) => {
      const chart = last ? [...document.querySelectorAll("perf-chart")].at(-1)! : document.createElement("perf-chart");
      const painted = new Promise((resolve) => chart.addEventListener("chart-painted", resolve, { once: true }));
      (chart as PerfChart).origin = { kind: "simulated", seed: 7 };
      (chart as PerfChart).description = d;
      if (!last) document.querySelector("main")!.append(chart);
      await painted;
    },
    [description, again] as const,
  );
}
