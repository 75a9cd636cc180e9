/** Every lab that may run on an endpoint is run there: its code measures the simulated endpoint over HTTP, and its checks read those Runs. */
import * as esbuild from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measureFromNode } from "../../src/endpoint/node/measure-from-node.ts";
import type { Run } from "../../src/engine/run.ts";
import type { Workload } from "../../src/engine/workload/types.ts";
import { compileLabFile } from "../../src/lab/compile/lab-code.ts";
import { defaultParams } from "../../src/lab/definition.ts";
import type { LabSources } from "../../src/lab/lab-sources.ts";
import type { LabJob } from "../../src/lab/protocol.ts";
import { startSimulatedEndpoint, type SimulatedEndpoint } from "../../src/server/simulated/endpoint.ts";
import { labIds, readLabFolder } from "../../scripts/lab/lab-folders.ts";
import { openProvingBrowser, type ProvingBrowser } from "../../scripts/lab/proving-browser.ts";

type Behaviour = NonNullable<NonNullable<Parameters<typeof startSimulatedEndpoint>[0]>["behaviour"]>;

const labs = labIds()
  .flatMap((id) => readLabFolder(id).sources ?? [])
  .filter(({ definition }) => definition.targets.includes("endpoint"));

let browser: ProvingBrowser;
let endpoint: SimulatedEndpoint;
/** A server that fails every warm-up request is not measured at all; the labs' own requests are what matters here. */
let warmUp = true;
const sent = { requests: 0, tokens: 0 };

beforeAll(async () => {
  browser = await openProvingBrowser();
  await browser.measureWith(async (workload: Workload, warmup: number): Promise<Run> => {
    const target = { label: "test", baseUrl: `${endpoint.url}/v1`, model: "llama-3.1-8b" };
    const run = await measureFromNode(target, workload, { warmup: warmUp ? warmup : 0 });
    sent.requests += run.requests.count + warmup;
    run.requests.promptTokens.forEach((n, i) => (sent.tokens += n + (run.requests.outputTokens[i] ?? 0)));
    return run;
  });
});
afterAll(() => browser.close());

/** The controls at their defaults, but as few requests as a slider of that name allows: on an endpoint they take real time. */
function frugal(definition: LabSources["definition"]) {
  const { requests } = definition.params;
  return {
    ...defaultParams(definition),
    ...(requests !== undefined && "min" in requests && { requests: requests.min }),
  };
}

/** One file of a lab, run and then checked as a learner would who has chosen the endpoint. */
async function measured(lab: LabSources, file: "starter.ts" | "solution.ts", behaviour: Behaviour = {}) {
  endpoint = await startSimulatedEndpoint({ fixed: { ttft: 0.004, itl: 0.0004 }, seed: 3, behaviour });
  sent.requests = sent.tokens = 0;
  try {
    const compiled = async (name: string, code: string) => {
      const result = await compileLabFile(esbuild, lab, name, code);
      if ("faults" in result) throw new Error(JSON.stringify(result.faults));
      return result.compiled.code;
    };
    const { server, parameters, seed, limit } = lab.definition;
    const code = await compiled(file, file === "starter.ts" ? lab.starter : lab.solution);
    const params = frugal(lab.definition);
    const job: LabJob = {
      lab: lab.id,
      mode: "run",
      code,
      seed,
      params,
      parameters,
      measured: true,
      limit,
      ...(server && { server }),
    };
    const ran = await browser.run(job, true);
    const checks = await compiled("checks.ts", lab.checks);
    const checked = await browser.run({ ...job, mode: "check", checks, seed: 5, replay: ran.runs });
    return { ran, checked, failed: checked.results.filter(({ outcome }) => outcome === "failed") };
  } finally {
    await endpoint.close();
  }
}

describe.each(labs.map((lab) => [lab.id, lab] as const))("%s on an endpoint", { timeout: 120_000 }, (_, lab) => {
  it("its solution measures within the budget, and passes every check that is graded there", async () => {
    const { ran, checked, failed } = await measured(lab, "solution.ts");
    expect(ran.errors).toEqual([]);
    expect(ran.runs.length).toBeGreaterThan(0);
    expect(ran.runs.every(({ origin }) => origin.kind === "measured")).toBe(true);
    expect(checked.errors).toEqual([]);
    expect(failed).toEqual([]);
    expect(checked.results.some(({ outcome }) => outcome === "passed")).toBe(true);
    const { budget, sends = budget } = lab.definition;
    expect(sent.requests).toBeLessThanOrEqual(sends.requests);
    expect(sent.tokens).toBeLessThanOrEqual(sends.tokens);
  });

  it("its solution stands up to streams that are cut", async () => {
    const { ran, failed } = await measured(lab, "solution.ts", { faults: [{ kind: "cut", rate: 0.3 }] });
    expect(ran.errors).toEqual([]);
    expect(failed).toEqual([]);
  });

  it.each(["starter.ts", "solution.ts"] as const)(
    "its %s does not throw when every request fails, and a check says what is missing",
    async (file) => {
      warmUp = false;
      const { ran, checked, failed } = await measured(lab, file, { faults: [{ kind: "serverError", rate: 1 }] });
      warmUp = true;
      expect(ran.errors).toEqual([]);
      expect(checked.errors).toEqual([]);
      expect(failed.filter(({ error }) => error !== undefined)).toEqual([]);
      expect(failed.map(({ message }) => message ?? "").join("\n")).toContain("succeeded");
    },
  );
});
