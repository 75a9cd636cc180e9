/** Lighthouse (mobile) on the built site: home, a lesson, the accuracy page and the tools; median of five runs, one row a score. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { chromium } from "../../tests/browser/chromium.ts";

const tools = ["estimator", "percentiles", "simulator", "twin", "doctor", "measured"];
const pages = {
  home: "",
  lesson: "lessons/01-introduction/",
  accuracy: "accuracy/",
  ...Object.fromEntries(tools.map((name) => [name, `tools/${name}/`])),
};
const categories = ["performance", "accessibility", "best-practices", "seo"];
const runs = Number(process.env.RUNS ?? 5);
const port = 4397;

const server = spawn(process.execPath, ["src/server/start.ts", "--no-build", "--port", String(port)], {
  stdio: ["ignore", "pipe", "inherit"],
});
await once(server.stdout, "data");
const { executablePath, args, env } = await chromium();
const chrome = await launch({
  chromePath: executablePath,
  chromeFlags: ["--headless", ...args],
  envVars: { ...process.env, ...env },
});

const rows: { id: string; value: number; unit: string; peer: null; peerValue: null; ratio: null }[] = [];
try {
  for (const [page, path] of Object.entries(pages)) {
    const scores = new Map<string, number[]>(categories.map((category) => [category, []]));
    for (let i = 0; i < runs; i++) {
      const result = await lighthouse(`http://127.0.0.1:${port}/${path}`, { port: chrome.port, logLevel: "error", onlyCategories: categories });
      for (const category of categories) scores.get(category)?.push((result?.lhr.categories[category]?.score ?? 0) * 100);
    }
    for (const [category, values] of scores) {
      const value = values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
      rows.push({ id: `lighthouse.${page}.${category}`, value, unit: "points", peer: null, peerValue: null, ratio: null });
    }
  }
} finally {
  chrome.kill();
  server.kill();
}

if (process.argv.includes("--json")) console.log(JSON.stringify({ bench: "lighthouse", rows }));
else for (const row of rows) console.log(`${row.id.padEnd(36)} ${row.value}`);
