/** The engine in a browser computes what it computes in Node. */
import { expect, test } from "./test.ts";
import { fingerprint, simulate } from "../../src/engine/index.ts";
import { server, workload } from "../engine/simulate/fingerprint-case.ts";
import { engineScript } from "./same-bits.ts";

test("the same seed gives the same bits in Node and in Chromium", async ({ page }) => {
  await page.addScriptTag({ content: await engineScript() });
  const there = await page.evaluate(() =>
    (globalThis as unknown as { engineFingerprint(): string }).engineFingerprint(),
  );
  expect(there).toBe(fingerprint(simulate(server, workload, { record: "chunks" })));
});
