import { readFile } from "node:fs/promises";
import { expect, test } from "./test.ts";

const page = "tools/percentiles/";

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
  await expect(tab).toHaveURL(/labs\/nobody-is-average\//);
  await expect(tab.locator('[data-part="notice"]')).toContainText("This is a copy from a link");
});
