/**
 * The tier for Firefox: the engine's bits are Node's, a lab that never ends can be stopped, learner code does not reach the network or the
 * page, and what was typed is there after a reload. Fails where Firefox is absent.
 */
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { fingerprint, simulate } from "../../src/engine/index.ts";
import { others, tryingAll } from "../../tests/browser/ways-out.ts";
import { engineScript } from "../../tests/browser/same-bits.ts";
import { server as simulated, workload } from "../../tests/engine/simulate/fingerprint-case.ts";

const executablePath = [process.env.FIREFOX_PATH, "/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) => path && existsSync(path));
if (!executablePath) {
  console.error("No Firefox found. Install one (Debian: firefox-esr) or name it in FIREFOX_PATH.");
  process.exit(1);
}

const port = 4398;
const site = spawn(process.execPath, ["src/server/start.ts", "--no-build", "--port", String(port)], { stdio: ["ignore", "pipe", "inherit"] });
await once(site.stdout, "data");
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
const failures: string[] = [];
let passed = 0;
const expect = (holds: boolean, what: string) => (holds ? void passed++ : void failures.push(what));

try {
  const page = await browser.newPage();
  await page.goto("about:blank");
  await page.evaluate(await engineScript());
  const there = await page.evaluate("engineFingerprint()");
  expect(there === fingerprint(simulate(simulated, workload, { record: "chunks" })), "the same seed gives the same bits in Node and in Firefox");

  await page.goto(`http://127.0.0.1:${port}/lessons/01-introduction/`);
  await page.evaluate(`document.querySelector('[data-lab="anatomy-of-one-request"]').scrollIntoView()`);
  await page.waitForSelector('[data-lab="anatomy-of-one-request"][data-ready]');
  await page.evaluate(`document.querySelector('[data-lab="anatomy-of-one-request"]').store.code.type("for (;;) {}")`);
  await page.click('[data-lab="anatomy-of-one-request"] [data-action="run"]');
  await page.waitForSelector('[data-lab="anatomy-of-one-request"] [data-action="skip"]', { visible: true });
  await page.click('[data-lab="anatomy-of-one-request"] [data-action="skip"]');
  const ticks = await page.evaluate(
    `new Promise((done) => { let n = 0; const timer = setInterval(() => n++, 10); setTimeout(() => { clearInterval(timer); done(n); }, 2000); })`,
  );
  expect(Number(ticks) >= 20, `a 10 ms timer of the page ticks while a lab loops for ever (ticked ${String(ticks)} times in 2 s)`);
  await page.click('[data-lab="anatomy-of-one-request"] [data-action="stop"]');
  const stopped = await page
    .waitForFunction(`/stopped/i.test(document.querySelector('[data-lab="anatomy-of-one-request"] [data-part="status"]').textContent)`, { timeout: 10_000 })
    .then(() => true, () => false);
  expect(stopped, "Stop ends a lab that loops for ever");

  const lab = '[data-lab="anatomy-of-one-request"]';
  await page.evaluate((url) => {
    const code = `const ways = { fetch: () => fetch("${url}"), page: () => parent.document.title, stored: () => localStorage.length };
for (const [name, way] of Object.entries(ways)) try { await way(); console.log(name, "got out"); } catch { console.log(name, "held"); }`;
    document.querySelector<HTMLElement & { store: { code: { type(text: string): void } } }>('[data-lab="anatomy-of-one-request"]')!.store.code.type(code);
  }, `http://127.0.0.1:${port}/`);
  await page.click(`${lab} [data-action="run"]`);
  const held = await page
    .waitForFunction(
      `["fetch held", "page held", "stored held"].every((line) => document.querySelector('${lab} [data-part="console"]').textContent.includes(line))`,
      { timeout: 20_000 },
    )
    .then(() => true, () => false);
  expect(held, "learner code reaches neither the network, nor the page, nor its storage");

  const hits: string[] = [];
  const counting = createServer((request, response) => {
    hits.push(request.url ?? "");
    response.setHeader("access-control-allow-origin", "*").end("export default 1;");
  });
  counting.listen(0, "127.0.0.1");
  await once(counting, "listening");
  await page.evaluate((code) => {
    document.querySelector<HTMLElement & { store: { code: { type(text: string): void } } }>('[data-lab="anatomy-of-one-request"]')!.store.code.type(code);
  }, tryingAll(`http://127.0.0.1:${(counting.address() as AddressInfo).port}/hit`));
  await page.click(`${lab} [data-action="run"]`);
  const tried = await page
    .waitForFunction(`document.querySelector('${lab} [data-part="console"]').textContent.includes("tried ${Object.keys(others).length}")`, {
      timeout: 60_000,
    })
    .then(() => true, () => false);
  expect(tried, `a lab tries ${Object.keys(others).length} ways out`);
  const through = hits.map((url) => Object.keys(others)[Number(url.split("/").at(-1))] ?? url);
  expect(through.length === 0, `none of them reaches the network (${through.join(", ")})`);
  counting.close();

  await page.evaluate(`document.querySelector('${lab}').store.code.type('console.log("from my draft");')`);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await page.reload();
  await page.evaluate(`document.querySelector('${lab}').scrollIntoView()`);
  await page.waitForSelector(`${lab}[data-ready]`);
  const back = await page
    .waitForFunction(`document.querySelector('${lab}').store.code.mine.value.includes("from my draft")`, { timeout: 10_000 })
    .then(() => true, () => false);
  expect(back, "what was typed is there after a reload");
} finally {
  await browser.close();
  site.kill();
}
for (const failure of failures) console.log(`✗ ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length ? 1 : 0;
