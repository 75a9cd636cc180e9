/** Runs one job in a sandbox to its end, and hands back what it left behind: for proofs of labs. */
import { withMark } from "../engine/chart/combine.ts";
import type { ChartDescription } from "../engine/chart/types.ts";
import type { Run } from "../engine/run.ts";
import type { Workload } from "../engine/workload/types.ts";
import type { CheckResult, LabError, LabJob } from "./protocol.ts";
import type { DrawnChart, Trial } from "./proof.ts";
import type { Sandbox } from "./sandbox/sandbox.ts";
import { measureSize, sizeOfData } from "./size.ts";

/** A job that neither ends nor stops answering is ended after its limit and this. Seconds. */
const settle = 5;

export interface WholeTrial extends Trial {
  /** Runs that were kept, where they were asked for. */
  readonly runs: readonly Run[];
}

export interface TrialOptions {
  readonly keepRuns?: boolean;
  /** Measures on the endpoint that the proof has chosen; without it nothing is measured. */
  measure?(workload: Workload, warmup: number): Promise<Run>;
}

export async function runTrial(
  sandbox: Sandbox,
  job: LabJob,
  { keepRuns = false, measure }: TrialOptions = {},
): Promise<WholeTrial> {
  const { limit } = job;
  const errors: LabError[] = [];
  const results: CheckResult[] = [];
  const runs: Run[] = [];
  const charts: DrawnChart[] = [];
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
      else if (message.type === "chart") charts.push(drawn(message.description));
      else if (message.type === "kept" && keepRuns) runs.push(message.result);
      else if (message.type === "openStream")
        handle.send({ type: "refused", call: message.call, message: "a proof opens no stream" });
      else if (message.type === "measure") {
        const { call, workload, options } = message;
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
}

function drawn(chart: ChartDescription): DrawnChart {
  const axes = (["x", "y"] as const).filter((axis) => withMark(chart, { [axis]: 1, label: "" }) !== chart);
  return { title: chart.title, axes };
}
