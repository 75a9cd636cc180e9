/** Runs in the proving browser: starts jobs in the sandbox that learners get, and hands back what each left behind. */
import type { CheckResult, LabError, LabJob } from "../../src/lab/protocol.ts";
import type { Trial } from "../../src/lab/prove.ts";
import type { Run } from "../../src/engine/run.ts";
import type { Workload } from "../../src/engine/workload/types.ts";
import { Sandbox } from "../../src/lab/sandbox/sandbox.ts";
import { measureSize, sizeOfData } from "../../src/lab/size.ts";

/** A job that neither ends nor stops answering is ended after its limit and this. Seconds. */
const settle = 5;

export interface PageTrial extends Trial {
  /** Runs that were kept, where they were asked for. */
  readonly runs: readonly Run[];
}

declare global {
  /** Measures on the endpoint that the proof has chosen; only in proofs on an endpoint. */
  var measureForLab: ((workload: Workload, warmup: number) => Promise<Run>) | undefined;
  var runLab: (job: LabJob, keepRuns: boolean) => Promise<PageTrial>;
}

const sandbox = new Sandbox(new URL("sandbox.html", location.href).href);

globalThis.runLab = async (job, keepRuns) => {
  const { limit } = job;
  const errors: LabError[] = [];
  const results: CheckResult[] = [];
  const runs: Run[] = [];
  let charts = 0;
  let bytes = 0;
  let measuring = 0;
  let began = performance.now();
  const handle = await sandbox.start(job, {
    limit,
    onMessage(message) {
      const size = measureSize(message, sizeOfData);
      bytes += "bytes" in size ? size.bytes : 0;
      if (message.type === "error") errors.push(message.error);
      else if (message.type === "check") results.push(message.result);
      else if (message.type === "chart") charts++;
      else if (message.type === "kept" && keepRuns) runs.push(message.result);
      else if (message.type === "openStream")
        handle.send({ type: "refused", call: message.call, message: "a proof opens no stream" });
      else if (message.type === "measure") {
        const { call, workload, options } = message;
        const measure = globalThis.measureForLab;
        if (measure === undefined) return handle.send({ type: "refused", call, message: "no endpoint is chosen" });
        measuring++;
        void measure(workload, options.warmup ?? 4)
          .then((result) => handle.send({ type: "measured", call, result }))
          .catch((error: unknown) => handle.send({ type: "refused", call, message: String(error) }))
          .finally(() => {
            measuring--;
            began = performance.now();
          });
      }
    },
  });
  const late = setInterval(() => {
    if (measuring === 0 && performance.now() - began > (limit + settle) * 1000) handle.stop();
  }, 250);
  const ending = await handle.ended;
  clearInterval(late);
  const stopped = ending.kind === "stopped" && ending.by === "learner";
  const message = `Stopped: it was still waiting after ${limit + settle} s. Does an await wait for something that never comes?`;
  return {
    ending: stopped ? { kind: "stopped", by: "watchdog", message } : ending,
    errors,
    results,
    exported: ending.kind === "done" ? ending.exported : {},
    charts,
    bytes,
    seconds: (performance.now() - began) / 1000,
    runs,
  };
};
void sandbox.warm();
