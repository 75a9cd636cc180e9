/**
 * Every lab is proved in the sandbox that learners get: its starter runs and fails a check, its solution passes on every
 * seed within the lab's limit, each wrong answer gets its message, and no check is idle. The long tier takes more seeds, and
 * tries every changed solution (as check:labs does).
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { faultLine } from "../../src/lab/fault.ts";
import { allSeeds, someSeeds } from "../../src/lab/seeds.ts";
import { courseFaults, readCourse } from "../../scripts/lab/course-faults.ts";
import { labIds, readLabFolder } from "../../scripts/lab/lab-folders.ts";
import { proveSources } from "../../scripts/lab/prove-folder.ts";
import { openProvingBrowser, type ProvingBrowser } from "../../scripts/lab/proving-browser.ts";

const long = Boolean(process.env.TEST_LONG);
const seeds = long ? allSeeds : someSeeds(2);
let browser: ProvingBrowser;
beforeAll(async () => void (browser = await openProvingBrowser()));
afterAll(() => browser.close());

it.each(labIds())("lab %s is proved", { timeout: 300_000 }, async (id) => {
  const { report, faults } = await proveSources(readLabFolder(id), browser, seeds, long);
  expect(faults.map(faultLine)).toEqual([]);
  expect(report?.checks.length).toBeGreaterThan(0);
  expect(report?.wrong.length).toBeGreaterThan(0);
  if (long) expect(report?.mutants.tried).toBeGreaterThan(0);
});

it("labs and pages agree: titles, lessons and embeds", () => {
  const known = labIds();
  const labs = known.flatMap((id) => readLabFolder(id).sources ?? []);
  expect(courseFaults(labs, known, readCourse()).map(faultLine)).toEqual([]);
});
