import { readFile } from "node:fs/promises";
import { closed, fixed, simulate } from "../../src/engine/index.ts";
import { writeKeepFile } from "../../src/lab/keep/keep-file.ts";
import { expect, test } from "./test.ts";

const page = "tools/percentiles/";
const field = (name: string) => `tests/fixtures/results/${name}`;

test("pasted latencies become percentiles, whose address alone brings them back, and nothing leaves the page", async ({
  page: tab,
}) => {
  await tab.goto(page, { waitUntil: "networkidle" });
  const asked: string[] = [];
  tab.on("request", (request) => asked.push(`${request.method()} ${request.url()} ${request.postData() ?? ""}`));
  await expect(tab.locator('[data-part="empty"]')).toContainText("a few hundred latencies");
  await tab.getByLabel("Latencies", { exact: true }).fill("8731 ms\n12\n14\n15\n16\n18\n22\n25\n45\n120\n");
  const p90 = tab.locator('[data-statistic="p90"]');
  await expect(p90).toContainText("981.1 ms");
  await expect(p90).toContainText("too few samples: 10 of 36");
  await tab.getByLabel("Percentile method").selectOption("nearest-rank");
  await expect(p90).toContainText("120 ms");
  await expect(tab.locator("perf-chart").first()).toBeVisible();
  await expect(tab).toHaveURL(/method=nearest-rank/);

  const address = tab.url();
  await tab.goto("about:blank");
  await tab.goto(address);
  await expect(p90).toContainText("120 ms");
  await expect(tab.getByLabel("Latencies", { exact: true })).toHaveValue(/^8731 ms/);

  const download = tab.waitForEvent("download");
  await tab.locator('[data-action="json"]').click();
  const saved = JSON.parse(await readFile(await (await download).path(), "utf8")) as { metric: string };
  expect(saved.metric).toBe("latency");
  expect(asked.filter((line) => line.includes("8731") || !line.startsWith("GET "))).toEqual([]);

  await tab.locator('[data-action="lab"]').click();
  await expect(tab).toHaveURL(/labs\/workspace\//);
  await expect(tab.locator('[data-part="notice"]')).toContainText("This is a copy from a link");
});

test("files are read, say what they lack, take other columns, and are compared; errors stand beside the field", async ({
  page: tab,
}) => {
  await tab.goto(page);
  const give = (slot: string, name: string) =>
    tab.locator(`astro-island:not([ssr]) [data-slot="${slot}"] input[type=file]`).setInputFiles(field(name));
  await give("a", "llmperf_individual_lepton_7b.json");
  await expect(tab.locator('[data-part="counts"]')).toContainText("20 values of 150 rows; 130 failed, counted apart");
  await expect(tab.locator('[data-statistic="p99"]')).toContainText("1.322 s");
  await give("b", "llmperf_individual_groq_70b.json");
  await expect(tab.locator('[data-part="differences"]')).toContainText("−883 ms");
  await tab.getByLabel("What TTFT holds").selectOption("latency");
  await expect(tab.locator('[data-part="statistics"] h3').first()).toContainText("Latency");
  await tab.getByLabel("Client meant to send every").fill("-5");
  await tab.keyboard.press("Tab");
  await expect(tab.getByRole("alert")).toContainText("a time above 0");
  await expect(tab.getByLabel("Client meant to send every")).toHaveAttribute("aria-invalid", "true");
  await tab.getByLabel("Client meant to send every").fill("2.000,5");
  await tab.keyboard.press("Tab");
  await expect(tab.getByRole("alert")).toContainText("“2.000,5” is not a number of ms");
  await expect(tab.getByLabel("Client meant to send every"), "what was typed stays").toHaveValue("2.000,5");

  await tab.locator('[data-action="clear-b"]').click();
  await give("a", "hdrhistogram_example1.hgrm.txt");
  await expect(tab.locator('[data-part="stated"]')).toContainText("n 475,109");
  await tab.locator('[data-action="example-servers"]').click();
  await expect(tab.locator('[data-part="merge"]')).toContainText("too low");
});

test("reading is stopped and begun again, and a kept run is taken by the analyser and beside what others measured", async ({
  page: tab,
}) => {
  await tab.goto("progress/");
  const run = simulate(
    { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
    { arrivals: closed(8), prompt: fixed(512), output: fixed(32), requests: 400 },
  );
  const date = "2026-11-28T01:00:00.000Z";
  const record = {
    id: `own:${date}`,
    lab: "own",
    name: "mine",
    date,
    origin: "simulated",
    target: "",
    pinned: true,
  } as const;
  const kept = {
    runs: [{ ...record, summary: {}, code: null, seed: 0, params: {}, runs: 1 }],
    runData: [{ id: record.id, date, runs: [run], charts: [] }],
  };
  const chooser = tab.waitForEvent("filechooser");
  await tab.locator('astro-island:not([ssr]) [data-action="import-all"]').click();
  await (
    await chooser
  ).setFiles({ name: "kept.json", mimeType: "application/json", buffer: Buffer.from(writeKeepFile(kept, date)) });
  await expect(tab.locator("[data-part='kept-said']")).toContainText("Added from kept.json");

  // The worker's script is held back, so that reading lasts until it is stopped.
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await tab.route(/percentiles-worker/, async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await tab.goto(page);
  await expect(tab.locator('[data-tool="percentiles"][data-alive]')).toBeVisible();
  const dropped = await tab.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(
      new File([Array.from({ length: 500 }, (_, i) => `${100 + ((i * 7919) % 500)} ms`).join("\n")], "dropped.txt"),
    );
    return data;
  });
  await tab.locator('astro-island:not([ssr]) [data-slot="a"]').dispatchEvent("drop", { dataTransfer: dropped });
  await tab.locator('[data-action="stop"]').click();
  await expect(tab.locator('[data-part="problem"]')).toContainText("Reading was stopped");
  release();
  await tab.locator('[data-action="again-a"]').click();
  await expect(tab.locator('[data-part="counts"]')).toContainText("500 values of 500 rows");
  await expect(tab.locator('[data-part="dependence"]')).toContainText("as independent");
  await tab.getByLabel("Take a kept run").selectOption({ index: 1 });
  await expect(tab.locator('[data-part="counts"]')).toContainText("400 values of 400 rows");
  await tab.getByLabel("Compare with a kept run").selectOption({ index: 1 });
  await expect(tab.locator('[data-part="columns-b"]')).toContainText("columns of B: what each was taken for");

  await tab.goto("tools/measured/");
  const slow = tab.locator(".slow-form");
  await slow.getByLabel("Take a kept run").selectOption({ index: 1 });
  await expect(slow.locator("[name=c]")).toHaveValue("8");
  await expect(slow.locator("[name=in]")).toHaveValue("512");
  await expect(slow.locator(".verdict")).toContainText("As expected");
  await slow.locator('[data-action="lab"]').click();
  await expect(tab).toHaveURL(/labs\/workspace\//);
});
