/** Property tests draw the same cases on every run of the ordinary tiers, so that what fails there fails again; the long tier draws others each time. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";

const { testPath } = expect.getState();
// Most files have no properties, and need not wait until the library is there.
if (process.env["TEST_LONG"] === undefined && readFileSync(testPath!, "utf8").includes('"fast-check"')) {
  const { configureGlobal } = await import("fast-check");
  configureGlobal({ seed: 20_261_128 });
}
