/** Ways out of a lab, to the network and to the page: a counting server sees none of them. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "./test.ts";
import { LabPage } from "./lab-page.ts";
import { others, routes, tryingAll } from "./ways-out.ts";

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

test(`learner code gets nowhere by ${Object.keys(routes).length} ways, each of them alone in a run`, async ({
  page,
}) => {
  test.setTimeout(120_000);
  const lab = await LabPage.open(page);
  const before = page.url();
  for (const [index, [name, attempt]] of Object.entries(routes).entries())
    await test.step(name, async () => {
      const tried = `learner code tries ${name}`;
      await lab.run(
        `const g: any = globalThis;\nconst URL_ = "${origin}/hit/${index}";\nconsole.log("${tried}");\ntry {\n  ${attempt};\n  console.log("got through");\n} catch {\n  console.log("refused");\n}`,
      );
      await expect(lab.console).toContainText(tried);
      // A navigation of its own ends the worker before it can say so.
      if (name === "self-navigation") expect(page.url()).toBe(before);
      else await expect.soft(lab.console, name).toContainText("refused");
    });
  await lab.run('console.log("still here");');
  await expect(lab.console).toContainText("still here");
  expect(hits.map((url) => Object.keys(routes)[Number(url.split("/").at(-1))] ?? url)).toEqual([]);
});

test(`learner code gets nowhere by ${Object.keys(others).length} other ways either`, async ({ page }) => {
  const lab = await LabPage.open(page);
  const before = page.url();
  await lab.run(tryingAll(`${origin}/hit`));
  await expect(lab.console).toContainText(`tried ${Object.keys(others).length}`);
  await expect(lab.console).not.toContainText("got through");
  expect(hits.map((url) => Object.keys(others)[Number(url.split("/").at(-1))] ?? url)).toEqual([]);
  expect(page.url()).toBe(before);
  await lab.run('console.log("still here");');
  await expect(lab.console).toContainText("still here");
});

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
