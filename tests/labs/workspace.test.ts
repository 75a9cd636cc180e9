/** The free workspace: its starter runs in the sandbox as a learner runs it, and no list of labs counts it. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { labIds } from "../../scripts/lab/lab-folders.ts";
import { workspaceCode } from "../../scripts/lab/labs.ts";
import { openProvingBrowser, type ProvingBrowser } from "../../scripts/lab/proving-browser.ts";
import { workspace } from "../../src/lab/workspace.ts";

let browser: ProvingBrowser;
beforeAll(async () => void (browser = await openProvingBrowser()));
afterAll(() => browser.close());

it("its starter runs to the end without an error and draws", async () => {
  const built = await workspaceCode();
  if ("faults" in built) throw new Error(JSON.stringify(built.faults));
  const { server, parameters, seed, limit } = workspace;
  const trial = await browser.run(
    {
      lab: workspace.id,
      mode: "run",
      code: built.starter.code,
      params: {},
      server,
      parameters,
      seed,
      limit,
      measured: false,
    },
    true,
  );
  expect(trial.errors).toEqual([]);
  expect(trial.ending.kind).toBe("done");
  expect(trial.charts).toHaveLength(1);
  expect(trial.runs.map(({ requests }) => requests.count)).toEqual([300, 300]);
});

it("has no check to pass, and is not among the labs that count", async () => {
  const built = await workspaceCode();
  expect("checkNames" in built && built.checkNames).toEqual([]);
  expect(labIds()).not.toContain(workspace.id);
});
