/** What axe says of a lab while it runs, and of its result. */
import AxeBuilder from "@axe-core/playwright";
import type { LabSection } from "../../src/components/lab/LabSurface.tsx";
import { LabPage } from "./lab-page.ts";
import { expect, test } from "./test.ts";

test("axe finds nothing with a lab running, and with its result, in light and in dark", async ({ page }) => {
  test.setTimeout(120_000);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await LabPage.limit(page, 50);
  const lab = await LabPage.open(page);
  const violations = async () => {
    const { violations: found } = await new AxeBuilder({ page }).include(".lab").analyze();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
  };
  const inBoth = async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(), `in ${colorScheme}`).toEqual([]);
    }
  };
  await lab.run();
  await lab.check();
  await inBoth();
  await lab.setCode('console.log("begun");\nfor (;;) {}');
  await lab.start();
  await expect(lab.status).toContainText("Running");
  await inBoth();
  expect(await lab.lab.evaluate((section: LabSection) => section.store!.busy.value)).toBe(true);
  await lab.button("stop").click();
  await lab.idle();
});
