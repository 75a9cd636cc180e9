/** Runs in the proving browser: starts jobs in the sandbox that learners get, and hands back what each left behind. */
import type { LabJob } from "../../src/lab/protocol.ts";
import type { Run } from "../../src/engine/run.ts";
import type { Workload } from "../../src/engine/workload/types.ts";
import { Sandbox } from "../../src/lab/sandbox/sandbox.ts";
import { runTrial, type WholeTrial } from "../../src/lab/trial.ts";

declare global {
  /** Measures on the endpoint that the proof has chosen; only in proofs on an endpoint. */
  var measureForLab: ((workload: Workload, warmup: number) => Promise<Run>) | undefined;
  var runLab: (job: LabJob, keepRuns: boolean) => Promise<WholeTrial>;
}

const sandbox = new Sandbox(new URL("sandbox.html", location.href).href);

globalThis.runLab = (job, keepRuns) => {
  const measure = globalThis.measureForLab;
  return runTrial(sandbox, job, { keepRuns, ...(measure && { measure }) });
};
void sandbox.warm();
