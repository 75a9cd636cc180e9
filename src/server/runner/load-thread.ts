/** Owns the load worker: starts it when first needed, routes its replies, and starts a new one should it die. */
import { Worker } from "node:worker_threads";
import { MeasureError, type EndpointTarget } from "../../endpoint/endpoint-target.ts";
import type { Run } from "../../engine/run.ts";
import type { Workload } from "../../engine/workload/types.ts";
import type { PlainMeasureOptions, WorkerReply, WorkerRequest } from "./messages.ts";

export interface LoadThread {
  /** Rejects with MeasureError. Aborting the signal ends the run with what was measured. */
  run(
    id: string,
    target: EndpointTarget,
    workload: Workload,
    options: PlainMeasureOptions,
    signal: AbortSignal,
    onProgress: (done: number, of: number) => void,
  ): Promise<Run>;
  close(): Promise<void>;
}

interface Job {
  readonly onProgress: (done: number, of: number) => void;
  readonly resolve: (run: Run) => void;
  readonly reject: (error: Error) => void;
}

export function createLoadThread(): LoadThread {
  const jobs = new Map<string, Job>();
  let worker: Worker | undefined;

  function start(): Worker {
    const fresh = new Worker(new URL("./load-worker.ts", import.meta.url));
    fresh.unref();
    fresh.on("message", hear);
    fresh.on("error", (error) => lose(fresh, error.message));
    fresh.on("exit", () => lose(fresh, "it exited"));
    return fresh;
  }

  function hear(reply: WorkerReply): void {
    const job = jobs.get(reply.id);
    if (!job) return;
    if (reply.type === "progress") return job.onProgress(reply.done, reply.of);
    jobs.delete(reply.id);
    if (reply.type === "run") job.resolve(reply.run);
    else job.reject(new MeasureError(reply.kind, reply.message));
  }

  function lose(dead: Worker, why: string): void {
    if (worker !== dead) return;
    worker = undefined;
    for (const job of jobs.values())
      job.reject(new MeasureError("runner", `The load worker stopped (${why}). Try again with a smaller load.`));
    jobs.clear();
  }

  return {
    run(id, target, workload, options, signal, onProgress) {
      worker ??= start();
      const to = worker;
      const say = (request: WorkerRequest): void => to.postMessage(request);
      const cancel = (): void => say({ type: "cancel", id });
      return new Promise<Run>((resolve, reject) => {
        jobs.set(id, { onProgress, resolve, reject });
        say({ type: "run", id, target, workload, options });
        signal.addEventListener("abort", cancel, { once: true });
        if (signal.aborted) cancel();
      }).finally(() => signal.removeEventListener("abort", cancel));
    },
    async close() {
      const old = worker;
      worker = undefined;
      await old?.terminate();
    },
  };
}
