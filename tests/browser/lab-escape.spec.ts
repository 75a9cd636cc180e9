import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "./test.ts";
import { LabPage } from "./lab-page.ts";

let server: Server;
let hits: string[] = [];
let origin: string;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    hits.push(request.url ?? "");
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("content-type", "text/javascript");
    response.end("export default 1;");
  });
  server.on("upgrade", (request, socket) => {
    hits.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterAll(() => new Promise((resolve) => server.close(resolve)));
test.beforeEach(() => {
  hits = [];
});

/** Each tries to reach URL, or something of the page; what is caught is logged as "refused". */
const routes: Readonly<Record<string, string>> = {
  fetch: "await g.fetch(URL_)",
  "fetch by its prototype": "await Object.getPrototypeOf(Object.getPrototypeOf(g)).fetch.call(g, URL_)",
  XMLHttpRequest: "const x = new g.XMLHttpRequest(); x.open('GET', URL_, false); x.send()",
  WebSocket:
    "await new Promise((yes, no) => { const s = new g.WebSocket(URL_.replace('http', 'ws')); s.onopen = yes; s.onerror = no })",
  EventSource: "await new Promise((yes, no) => { const s = new g.EventSource(URL_); s.onopen = yes; s.onerror = no })",
  importScripts: "g.importScripts(URL_)",
  "import of a URL": "const url = URL_; await import(url)",
  "a nested worker":
    "await new Promise((yes, no) => { const w = new g.Worker(URL_); w.onmessage = yes; w.onerror = no })",
  "a nested blob worker":
    "await new Promise((yes, no) => { const w = new g.Worker(g.URL.createObjectURL(new g.Blob([`fetch('${URL_}').then(() => postMessage(1))`]))); w.onmessage = yes; w.onerror = no })",
  "import of a blob that fetches":
    "await import(g.URL.createObjectURL(new g.Blob([`await fetch('${URL_}')`], { type: 'text/javascript' })))",
  localStorage: "g.localStorage.getItem('x')",
  sessionStorage: "g.sessionStorage.getItem('x')",
  indexedDB: "await new Promise((yes, no) => { const r = g.indexedDB.open('x'); r.onsuccess = yes; r.onerror = no })",
  "cache storage": "await g.caches.open('x')",
  "the parent's document": "g.parent.document.title",
  "the top window": "g.top.document.title",
  eval: "g.eval('1 + 1')",
  "the Function constructor": "new (g.Object.getPrototypeOf(function () {}).constructor)('return 1')()",
  "self-navigation": "g.location.href = URL_; g.location.assign(URL_)",
  "a window": "g.open(URL_).document",
  "the frame's messages": "g.postMessage({ v: 1, type: 'begin', run: 1 })",
};

for (const [name, attempt] of Object.entries(routes)) {
  test(`learner code gets nowhere by ${name}`, async ({ page }) => {
    const lab = await LabPage.open(page);
    const before = page.url();
    await lab.run(
      `const g: any = globalThis;\nconst URL_ = "${origin}/hit";\ntry {\n  ${attempt};\n  console.log("got through");\n} catch {\n  console.log("refused");\n}`,
    );
    if (name === "self-navigation") expect(page.url()).toBe(before);
    else await expect(lab.console).toContainText("refused");
    await page.waitForTimeout(200);
    expect(hits).toEqual([]);
    await lab.run('console.log("still here");');
    await expect(lab.console).toContainText("still here");
  });
}

test("engine objects are frozen", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.run(
    'import * as perflab from "perflab";\nimport { gpu } from "perflab";\n(gpu("l4") as { memory: number }).memory = 1;\nconsole.log(perflab);',
  );
  await expect(lab.problems).toContainText("TypeError");
});

test("the same seed gives the same random numbers", async ({ page }) => {
  const lab = await LabPage.open(page);
  await lab.run("console.log(Math.random());");
  const first = await lab.console.innerText();
  await lab.run("console.log(Math.random());");
  expect(await lab.console.innerText()).toBe(first);
});
