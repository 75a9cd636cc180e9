import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./test.ts";
import { simulatedEndpoint } from "./measuring.ts";

test("a sweep is fitted, says what it shows and how far it reaches, comes back from its address, and is measured on an endpoint", async ({
  page,
  baseURL,
}) => {
  test.setTimeout(120_000);
  await page.goto("tools/twin/");
  const tool = page.locator('[data-tool="twin"][data-alive]');
  const fitted = page.locator('[data-tool="twin"][data-ready]');
  await expect(tool.locator('[data-part="empty"]')).toContainText("at least 5 loads");
  await tool.locator('[data-action="fit"]').click();
  await expect(tool.locator('[data-part="problem"]')).toContainText("the table has 0");

  await test.step("a pasted table: what is wrong with a cell stands in it", async () => {
    await tool
      .getByLabel("A table or a result file")
      .fill("users,in,out,ttft ms,tpot ms\n4,512,128,40,8\n8,512,128,fast,9");
    await tool.locator('[data-action="add"]').click();
    await expect(tool.locator('[data-part="sweep"] tbody tr')).toHaveCount(2);
    await tool.getByLabel("Tokens out of point 1").fill("none");
    await tool.locator('[data-action="fit"]').click();
    await expect(tool.getByLabel("Tokens out of point 1")).toHaveAttribute("aria-invalid", "true");
    await expect(tool.locator('[data-part="sweep"] [role="alert"]')).toContainText("a number of tokens from 1");
    await tool.locator('[data-action="clear"]').click();
  });

  await test.step("light load alone leaves much open, and 64 users are beyond it", async () => {
    await tool.locator('[data-action="example-light-load"]').click();
    await expect(fitted).toBeVisible();
    await expect(tool.locator('[data-part="reach"]')).toContainText("Extrapolating. 64 users is 4 times the most");
    await expect(tool.locator('[data-constant="kv.hopper"]')).toContainText("no:");
    await expect(tool.locator('[data-part="curves"] perf-chart')).toHaveCount(2);
    await tool.locator("[name=ask-load]").fill("12");
    await page.keyboard.press("Tab");
    await expect(tool.locator('[data-part="reach"]')).toContainText("Within what was measured.");
    await expect(page).toHaveURL(/example=light-load.*at=12.*fit=1/);
    const { violations } = await new AxeBuilder({ page })
      .include('[data-tool="twin"]')
      .options({ resultTypes: ["violations"] })
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  await test.step("the address alone brings back points, fit and load", async () => {
    const told = (await tool.locator('[data-metric="tpot"]').textContent()) ?? "";
    const address = page.url();
    await page.goto("about:blank");
    await page.goto(address);
    await expect(tool.locator('[data-metric="tpot"]')).toHaveText(told);
  });

  await test.step("on paper the points and the server stand as text, and what only serves the screen is gone", async () => {
    await page.emulateMedia({ media: "print" });
    await expect(tool.getByLabel("Tokens out of point 1", { exact: true })).toBeVisible();
    await expect(tool.getByLabel("GPU", { exact: true })).toBeVisible();
    await expect(tool.locator('[data-action="fit"]')).toBeHidden();
    await page.emulateMedia({ media: "screen" });
  });

  await test.step("the twin is saved as a server that perflab and labs take", async () => {
    const download = page.waitForEvent("download");
    await tool.locator('[data-action="server-json"]').click();
    const server = JSON.parse(await readFile(await (await download).path(), "utf8")) as Record<string, unknown>;
    expect(server).toMatchObject({
      model: "gpt-oss-120b",
      gpu: "h100-sxm-80",
      tensorParallel: 2,
      parameters: { form: "roofline" },
    });
  });

  await test.step("a sweep is measured: asked for first, then a row a load", async () => {
    await tool.locator('[data-action="clear"]').click();
    await tool.locator('[data-part="measure"] > summary').click();
    await tool.getByLabel("Base URL").fill(`${simulatedEndpoint(baseURL)}/v1`);
    await tool.getByRole("button", { name: "List models" }).click();
    await expect(tool.locator(".lab-target-said")).toContainText("model");
    await tool.locator("[name=sweep-loads]").fill("1, 2");
    await tool.locator("[name=sweep-prompt]").fill("64");
    await tool.locator("[name=sweep-output]").fill("4");
    await tool.locator("[name=sweep-requests]").fill("4");
    await page.keyboard.press("Tab");
    await tool.locator('[data-action="measure"]').click();
    await expect(tool.getByRole("group", { name: "Before anything is sent" })).toContainText(
      "2 loads one after another",
    );
    await tool.locator('[data-action="send"]').click();
    await expect(tool.locator('[data-part="measuring"]')).toContainText("Measured: the points are in the table.");
    await expect(tool.locator('[data-part="sweep"] tbody tr')).toHaveCount(2);
    expect(page.url(), "no link sets a target").not.toContain("127.0.0.1:" + new URL(simulatedEndpoint(baseURL)).port);
  });
});
