import { requestId } from "../../src/engine/benchmark/request-id.ts";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test, type Page } from "./test.ts";
import type { LogSummary } from "../../src/server/simulated/log.ts";
import { LabPage } from "./lab-page.ts";
import { readFile } from "node:fs/promises";
import { readResults } from "../../src/engine/metrics/interchange/index.ts";
import {
  choose,
  everythingStored,
  lastRun,
  measure,
  measuringLabs,
  notes,
  pickerSays,
  simulatedEndpoint,
  solveOn,
} from "./measuring.ts";

const id = "your-first-real-stream";

async function openOn(page: Page, baseURL: string | undefined): Promise<LabPage> {
  const lab = await LabPage.open(page, id);
  await choose(lab, `${simulatedEndpoint(baseURL)}/v1`);
  await expect(pickerSays(lab)).toContainText("model");
  await expect(pickerSays(lab)).toContainText("measured by the local runner");
  return lab;
}

test.describe("on the simulated endpoint", () => {
  test.describe.configure({ mode: "serial" });
  /** Changes how the endpoint behaves. */
  async function control(baseURL: string | undefined, body: object): Promise<void> {
    const answer = await fetch(`${simulatedEndpoint(baseURL)}/control`, { method: "POST", body: JSON.stringify(body) });
    expect(answer.status, await answer.text()).toBe(200);
  }
  test.beforeEach(({ baseURL }) => control(baseURL, { behaviour: { faults: [] }, clearLog: true }));
  test.afterAll(({ baseURL }) => control(baseURL, { behaviour: { faults: [] } }));

  test("the third lab accounts for every request, counts as usage does, and reads nothing before it was sent", async ({
    page,
    baseURL,
  }) => {
    const lab = await openOn(page, baseURL);
    await measure(lab);
    await expect(lab.status).toContainText("measured");
    await expect(notes(lab)).toContainText("Of 12 requests, 12 succeeded.");
    for (const badge of await lab.charts.locator(".chart-badge").all()) await expect(badge).toContainText("easured");

    const { requests, chunks, measurement } = await lastRun(page);
    const endpoint = simulatedEndpoint(baseURL);
    const log = (await (await fetch(`${endpoint}/log`)).json()) as { requests: LogSummary[] };
    expect(log.requests).toHaveLength(12 + measurement.warmup);
    const excess: number[] = [];
    for (let i = 0; i < 12; i++) {
      const logged = (await (await fetch(`${endpoint}/log/${requestId(measurement.salt, i)}`)).json()) as LogSummary & {
        emissions: [t: number, due: number, tokens: number][];
      };
      expect(requests.outputTokens[i]).toBe(logged.outputTokens);
      expect(requests.promptTokens[i]).toBe(logged.promptTokens);
      const read = chunks.t.filter((_, k) => chunks.request[k] === i && chunks.tokens[k]! > 0);
      expect(read).toHaveLength(logged.emissions.length);
      expect(read).toEqual([...read].sort((a, b) => a - b));
      for (const [k, [emitted]] of logged.emissions.entries()) excess.push(read[k]! + measurement.zero - emitted);
    }
    // Two threads find the same hardware clock to within some µs each.
    expect(Math.min(...excess)).toBeGreaterThan(-2e-4);
    const median = excess.sort((a, b) => a - b)[Math.floor(excess.length / 2)]!;
    console.log(`median excess of the client's times over the emission log: ${(median * 1e6).toFixed(0)} µs`);
  });

  for (const each of measuringLabs.slice(0, 2))
    test(`the lab ${each.id} measures it`, async ({ page, baseURL }) => {
      await solveOn(page, `${simulatedEndpoint(baseURL)}/v1`, each);
    });

  test("measure-your-own-endpoint measures it, and hands on a report and a file for perflab", async ({
    page,
    baseURL,
  }) => {
    const lab = await solveOn(page, `${simulatedEndpoint(baseURL)}/v1`, measuringLabs[2]);
    await lab.lab.getByRole("tab", { name: /^Runs/ }).click();
    const saved = async (action: string) => {
      const download = page.waitForEvent("download");
      await lab.button(action).click();
      return readFile(await (await download).path(), "utf8");
    };
    const html = await saved("runs-report");
    expect(html).toContain('class="badge">simulated<');
    expect(html).toContain("TTFT, mean, ms");
    expect(html).toContain("<svg");
    expect(html).not.toMatch(/<script|https?:|src=/);
    const { run } = readResults(await saved("runs-perflab")).results[0]!;
    expect(run!.requests.count).toBe(20);
    expect(run!.measurement?.server?.generatedTokens).toBe(run!.requests.outputTokens.reduce((a, b) => a + b, 0));
  });

  test("answers that break off are explained, and the others keep their results", async ({ page, baseURL }) => {
    const lab = await openOn(page, baseURL);
    await control(baseURL, { behaviour: { faults: [{ kind: "cut", rate: 0.4, after: 5 }] } });
    await measure(lab);
    const { requests, failures } = await lastRun(page);
    const failed = requests.status.filter((status) => status !== 0).length;
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThan(12);
    expect(failures).toHaveLength(failed);
    await expect(notes(lab)).toContainText(`${12 - failed} succeeded, ${failed} failed`);
    await expect(notes(lab)).toContainText(/(broke|cut off|closed the connection).*(log)/);
    await expect(lab.charts.first()).toBeVisible();
  });

  test("Stop ends the load, and the code gets what was measured until then", async ({ page, baseURL }) => {
    const lab = await openOn(page, baseURL);
    await lab.lab.locator('input[name="requests"]').fill("60");
    await lab.start();
    await lab.lab.getByRole("button", { name: "Send them" }).click();
    await expect(lab.status).toContainText("requests done");
    await lab.button("stop").click();
    await lab.idle();
    const { requests } = await lastRun(page);
    const succeeded = requests.status.filter((status) => status === 0).length;
    expect(succeeded).toBeGreaterThan(0);
    expect(succeeded).toBeLessThan(60);
    await expect(notes(lab)).toContainText(`${succeeded} succeeded`);
    await expect(notes(lab)).toContainText("stopped");
    await expect(lab.charts.first()).toBeVisible();
  });

  test("a model that the server does not have is named", async ({ page, baseURL }) => {
    const lab = await openOn(page, baseURL);
    await lab.lab.getByLabel("Model").evaluate((select: HTMLSelectElement) => {
      select.append(new Option("no-such-model", "no-such-model"));
      select.value = "no-such-model";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    await measure(lab);
    await expect(lab.problems).toContainText("The server answered 404");
    await expect(lab.problems).toContainText("Check the base URL (it usually ends in /v1) and the model's name.");
  });

  test("prices of tokens become what the run cost", async ({ page, baseURL }) => {
    const lab = await openOn(page, baseURL);
    await lab.lab.getByText("Price and headers").click();
    await lab.lab.getByLabel("or USD per million input tokens").fill("1");
    await lab.lab.getByLabel("and per million output tokens").fill("10");
    await lab.lab.getByLabel("and per million output tokens").blur();
    await measure(lab);
    const { requests } = await lastRun(page);
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    const total = (sum(requests.promptTokens) + 10 * sum(requests.outputTokens)) / 1e6;
    const usd = (amount: number) => `$${amount.toLocaleString("en-GB", { maximumSignificantDigits: 3 })}`;
    await expect(notes(lab)).toContainText(
      `the requests that succeeded cost ${usd(total)}: ${usd(total / 12)} per request`,
    );
  });

  test("nothing is sent when the learner says no", async ({ page, baseURL }) => {
    const lab = await openOn(page, baseURL);
    await lab.start();
    await lab.lab.getByRole("button", { name: "Don't" }).click();
    await lab.idle();
    await expect(lab.problems).toContainText("you chose not to send the requests");
    const log = (await (await fetch(`${simulatedEndpoint(baseURL)}/log`)).json()) as { requests: unknown[] };
    expect(log.requests).toEqual([]);
  });
});

test("an endpoint that is not complete is never replaced by the simulated server", async ({ page }) => {
  const lab = await LabPage.open(page, id);
  await lab.lab.getByLabel("Endpoint by URL").check();
  await lab.start();
  await expect(lab.problems).toContainText("Write the endpoint's base URL");
  await expect(lab.charts).toHaveCount(0);
});

test("an unreachable URL is answered with what to try, by the list and by the doctor", async ({ page }) => {
  const lab = await LabPage.open(page, id);
  await choose(lab, "http://127.0.0.1:9/v1");
  await expect(pickerSays(lab)).toContainText("Nothing is listening at that address. Check the port");
  await lab.lab.getByRole("button", { name: "Why does it not work?" }).click();
  const findings = lab.lab.locator(".lab-target-findings");
  await expect(findings).toContainText("This endpoint can't be measured as it is.");
  await expect(findings.locator('li[data-severity="stops"] p')).not.toBeEmpty();
});

test.describe("with a key", () => {
  const key = "secret-key-123";
  let server: Server;
  let other: Server;
  let url = "";
  let otherUrl = "";
  const sent: (string | undefined)[] = [];
  const start = (answer: Parameters<typeof createServer>[1]) =>
    new Promise<Server>((resolve) => {
      const started = createServer(answer as () => void).listen(0, "127.0.0.1", () => resolve(started));
    });
  const urlOf = (of: Server) => `http://127.0.0.1:${(of.address() as AddressInfo).port}/v1`;
  test.beforeAll(async () => {
    server = await start((request, response) => {
      const allowed = request.headers.authorization === `Bearer ${key}`;
      response.writeHead(allowed ? 200 : 401, { "content-type": "application/json" });
      response.end(JSON.stringify(allowed ? { data: [{ id: "fixture" }] } : { error: { message: "no key" } }));
    });
    other = await start((request, response) => {
      sent.push(request.headers.authorization);
      response.writeHead(200, { "content-type": "application/json" }).end('{"data":[{"id":"other"}]}');
    });
    url = urlOf(server);
    otherUrl = urlOf(other);
  });
  test.afterAll(async () => {
    for (const each of [server, other]) {
      each.closeAllConnections();
      await new Promise((resolve) => each.close(resolve));
    }
  });

  test("401 is named; the runner then keeps the key, and nothing else does", async ({ page }) => {
    const posted: { url: string; body: string }[] = [];
    page.on("request", (request) => posted.push({ url: request.url(), body: request.postData() ?? "" }));
    // Everything that goes to the sandbox's frame or its ports.
    await page.addInitScript(() => {
      const messages: string[] = [];
      Reflect.set(globalThis, "sandboxMessages", messages);
      for (const target of [MessagePort.prototype, Window.prototype, Worker.prototype] as { postMessage?: unknown }[]) {
        const post = target.postMessage as ((...all: unknown[]) => void) | undefined;
        if (post === undefined) continue;
        target.postMessage = function (this: unknown, message: unknown, ...rest: unknown[]) {
          messages.push(JSON.stringify(message));
          return post.call(this, message, ...rest);
        };
      }
    });
    const lab = await LabPage.open(page, id);
    await choose(lab, url);
    await expect(pickerSays(lab)).toContainText("401");
    await lab.lab.getByLabel("API key").fill(key);
    await lab.lab.getByRole("button", { name: "List models" }).click();
    await expect(pickerSays(lab)).toContainText("1 model");
    await expect(lab.lab.locator(".lab-target-kept")).toContainText("The local runner keeps your key");
    await expect(lab.lab.getByLabel("API key")).toHaveValue("");
    await lab.lab.getByRole("button", { name: "Why does it not work?" }).click();
    await expect(lab.lab.locator(".lab-target-findings li").first()).toBeVisible();
    await lab.start();
    await lab.lab.getByRole("button", { name: "Send them" }).click();
    await lab.idle();

    expect(posted.filter(({ body }) => body.includes(key)).map(({ url }) => new URL(url).pathname)).toEqual([
      "/api/runner/key",
    ]);
    expect(posted.filter(({ url }) => url.includes(key))).toEqual([]);
    expect(await everythingStored(page)).not.toContain(key);
    expect(page.url()).not.toContain(key);
    const messages = await page.evaluate(() => (Reflect.get(globalThis, "sandboxMessages") as string[]).join("\n"));
    expect(messages).toContain("start");
    expect(messages).not.toContain(key);
    expect(await page.content()).not.toContain(key);
  });

  test("another origin never gets it, and forgetting forgets", async ({ page }) => {
    const lab = await LabPage.open(page, id);
    await choose(lab, url);
    await lab.lab.getByLabel("API key").fill(key);
    await lab.lab.getByRole("button", { name: "List models" }).click();
    await expect(pickerSays(lab)).toContainText("1 model");
    await choose(lab, otherUrl);
    await expect(lab.lab.getByLabel("Model")).toHaveValue("other");
    expect(sent.every((authorization) => authorization === undefined)).toBe(true);
    await choose(lab, url);
    await expect(pickerSays(lab)).toContainText("1 model");
    await expect(lab.lab.getByLabel("Model")).toHaveValue("fixture");
    await lab.lab.getByRole("button", { name: "Forget the key" }).click();
    await lab.lab.getByRole("button", { name: "List models" }).click();
    await expect(pickerSays(lab)).toContainText("401");
  });
});
