import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { simulatedEndpoint } from "./measuring.ts";
import { expect, test } from "./test.ts";

test("the doctor examines an endpoint, says what to do where nothing answers, and reads a start command and a metrics page", async ({
  page,
  baseURL,
}) => {
  await page.goto("tools/doctor/");
  const tool = page.locator('[data-tool="doctor"][data-alive]');
  const found = tool.locator('[data-part="found"]');
  await tool.locator('[data-action="examine"]').press("Enter");
  await expect(found).toContainText("Write the endpoint's base URL first");

  await test.step("a server that is there", async () => {
    await tool.getByLabel("Base URL").fill(`${simulatedEndpoint(baseURL)}/v1`);
    await tool.locator('[data-action="examine"]').press("Enter");
    await expect(found).toContainText("This endpoint can be measured.");
    await expect(found.locator('[data-severity="good"]')).toContainText("answers, streams, and counts its tokens");
  });

  await test.step("nothing there: the next step, with the command for it", async () => {
    await tool.getByLabel("Base URL").fill("http://127.0.0.1:9/v1");
    await tool.locator('[data-action="examine"]').press("Enter");
    await expect(found).toContainText("can’t be measured as it is");
    await expect(tool.locator('[data-part="next"]')).toContainText("doctor --base-url http://127.0.0.1:9/v1");
  });

  await test.step("how it was started, and what it says of itself", async () => {
    await tool.locator('[data-action="example-command"]').click();
    const start = tool.locator('[data-part="start"]');
    await expect(start.locator('[data-severity="distorts"]').first()).toContainText("CUDA graphs are off");
    await tool
      .getByRole("textbox", { name: "The start command" })
      .fill("vllm serve m --api-key s3cretkey1 --max-num-seqs 64");
    await expect(start).toContainText("At most 64 requests run at once");
    await tool.getByRole("textbox", { name: "The text of its /metrics page" }).fill("nothing of the kind");
    await expect(tool.getByRole("textbox", { name: "The text of its /metrics page" })).toHaveAttribute(
      "aria-invalid",
      "true",
    );
    await tool.locator('[data-action="example-metrics"]').click();
    await expect(tool.locator('[data-part="metrics"]')).toContainText("31 requests wait while 64 run");
    const { violations } = await new AxeBuilder({ page })
      .include('[data-tool="doctor"]')
      .options({ resultTypes: ["violations"] })
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  await test.step("the report holds all of it and no key; the address brings back what was pasted, and no endpoint", async () => {
    const download = page.waitForEvent("download");
    await tool.locator('[data-action="markdown"]').click();
    const text = await readFile(await (await download).path(), "utf8");
    expect(text).toContain("Stops a measurement:");
    expect(text).toContain("vllm serve m --api-key [secret]");
    expect(text).toContain("31 requests wait");
    await expect(page).toHaveURL(/start=.*metrics=/);
    const address = page.url();
    await page.goto("about:blank");
    await page.goto(address);
    await expect(tool.locator('[data-part="metrics"]')).toContainText("31 requests wait");
    await expect(tool.getByRole("textbox", { name: "The start command" })).toHaveValue(/--api-key \[secret\]/);
    await expect(found).toHaveCount(0);
  });
});
