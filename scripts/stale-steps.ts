/** Lists the set-up steps of guides that were verified more than half a year ago: `npm run stale:steps`. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { daysSince, isStale } from "../src/components/author/staleness.ts";

interface Step {
  readonly id: string;
  readonly step: string;
  readonly on: string;
  readonly with: string;
}

const steps = parse(readFileSync(new URL("../content/steps.yaml", import.meta.url), "utf8")) as readonly Step[];
const today = new Date().toISOString();
const stale = steps.filter(({ on }) => isStale(on, today));
for (const { id, step, on, with: versions } of stale)
  console.log(`${id}: ${step}, ${daysSince(on, today)} days ago (${on}, ${versions})`);
console.log(`${stale.length} of ${steps.length} set-up steps were verified more than half a year ago`);
