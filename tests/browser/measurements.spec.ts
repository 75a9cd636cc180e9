import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "./test.ts";

/** Of the part that scripts made: the rest of these pages is in site.spec.ts. */
const violations = async (page: Page, part: string): Promise<string[]> =>
  (
    await new AxeBuilder({ page })
      .include(part)
      .options({ resultTypes: ["violations"] })
      .analyze()
  ).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);

test("a reader follows a point to its source, sorts the catalogue, and asks whether their server is slow", async ({
  page,
  request,
}) => {
  await test.step("the old address leads on, and a point of the scatter is read with the keys", async () => {
    await page.goto("about/");
    await expect(page.locator("h1")).toHaveText("How accurate is it?");
    await page.goto("accuracy/?show=ttft&gpu=l40s");
    const explorer = page.locator(".accuracy-explorer");
    await page.locator("#predicted-against-measured").scrollIntoViewIfNeeded();
    await expect(explorer).toHaveAttribute("data-state", "ready");
    await expect(explorer.locator(".chosen")).toContainText("measurements of TTFT: median error");
    const stage = explorer.getByRole("application");
    await stage.focus();
    await stage.press("ArrowRight");
    await expect(explorer.locator(".row-facts")).toContainText("on l40s");
    await expect(explorer.locator(".row-facts").getByRole("link")).toHaveAttribute("href", /^https:\/\//);
    await explorer.getByLabel("GPU", { exact: true }).selectOption({ label: "all GPUs" });
    await expect(page).toHaveURL(/accuracy\/\?show=ttft$/);
    expect(await violations(page, ".accuracy-explorer .choices")).toEqual([]);
    expect(await violations(page, ".accuracy-explorer .read")).toEqual([]);
  });

  await test.step("the catalogue sorts by its headings, and the address keeps the order", async () => {
    await page.goto("catalogue/gpus/");
    const table = page.locator("sortable-table[data-ready]");
    const ids = table.locator("tbody tr:visible th");
    const memory = table.getByRole("button", { name: "memory, GB" });
    await memory.focus();
    await memory.press("Enter");
    await expect(table.locator('th[aria-sort="descending"]')).toContainText("memory");
    const largest = (await ids.first().textContent()) ?? "";
    await memory.press("Enter");
    await expect(table.locator('th[aria-sort="ascending"]')).toContainText("memory");
    await expect(ids.first()).not.toHaveText(largest);
    await table.getByRole("searchbox").fill("h100 hopper");
    await expect(table.getByRole("status")).toContainText(/^\d+ of \d+ rows$/);
    await expect(ids.first()).toContainText("h100");
    const { href } = new URL(page.url());
    expect(href).toContain("gpus-sort=memory&gpus-find=h100+hopper");
    await page.reload();
    await expect(table.getByRole("searchbox")).toHaveValue("h100 hopper");
    await expect(table.locator('th[aria-sort="ascending"]')).toContainText("memory");
    const json = (await (await request.get("catalogue/gpus.json")).json()) as { gpus: { id: string; ridge: number }[] };
    expect(json.gpus.find(({ id }) => id === "h100-sxm-80")?.ridge).toBeGreaterThan(200);
  });

  await test.step("one's own point is judged beside prediction and neighbours, and a mistake is said beside its field", async () => {
    await page.goto("tools/measured/");
    const tool = page.locator(".measured-tool");
    await expect(tool).toHaveAttribute("data-state", "ready");
    await tool.getByRole("button", { name: "Compare" }).click();
    await expect(tool.locator("#slow-v-problem")).toHaveText("A number is needed here.");
    await tool.getByRole("button", { name: "Try an example" }).click();
    await expect(tool.locator(".verdict")).toContainText(/than expected|As expected/);
    await expect(tool.locator(".verdict tbody tr").first()).toContainText("llama");
    await tool.locator("[name=v]").fill("900");
    await expect(tool.locator(".verdict")).toContainText("Slower than expected");
    await tool.locator("[name=in]").fill("900000");
    await expect(tool.locator("#slow-in-problem")).toContainText("at most");
    await tool.locator("[name=in]").fill("1000");
    await expect(page).toHaveURL(/v=900/);
    await page.reload();
    await expect(tool.locator(".verdict")).toContainText("Slower than expected");
    await tool.getByLabel("GPU", { exact: true }).last().selectOption("h200-sxm-141");
    await expect(
      tool.getByRole("region", { name: "Published measurements", exact: true }).locator("tbody tr").first(),
    ).toContainText("h200-sxm-141");
    const file = page.waitForEvent("download");
    await tool.getByRole("button", { name: "CSV" }).click();
    expect((await file).suggestedFilename()).toBe("measurements.csv");
    expect(await violations(page, ".measured-tool")).toEqual([]);
  });
});
