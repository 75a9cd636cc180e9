/** The worker thread that carries the load, so that neither serving pages nor drawing charts can delay a time stamp. */
import { parentPort } from "node:worker_threads";
import { measureFromNode } from "../../endpoint/node/measure-from-node.ts";
import { runBuffers } from "../../endpoint/run-wire.ts";
import { MeasureError } from "../../endpoint/endpoint-target.ts";
import { registerShippedTraces } from "../../engine/workload/traces/all.ts";
import type { WorkerReply, WorkerRequest } from "./messages.ts";

/** Progress is passed on at most this often, ms. */
const PROGRESS_EVERY = 100;

registerShippedTraces();

const port = parentPort;
const running = new Map<string, AbortController>();

function post(reply: WorkerReply, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(reply, transfer);
}

async function run(request: Extract<WorkerRequest, { type: "run" }>): Promise<void> {
  const { id, target, workload, options } = request;
  const stop = new AbortController();
  running.set(id, stop);
  let told = 0;
  const onProgress = (done: number, of: number): void => {
    const now = performance.now();
    if (now - told < PROGRESS_EVERY && done < of) return;
    told = now;
    post({ type: "progress", id, done, of });
  };
  try {
    const measured = await measureFromNode(target, workload, { ...options, signal: stop.signal, onProgress });
    post({ type: "run", id, run: measured }, runBuffers(measured));
  } catch (error) {
    const kind = error instanceof MeasureError ? error.kind : "input";
    post({ type: "error", id, kind, message: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
  }
}

port?.on("message", (request: WorkerRequest) => {
  if (request.type === "run") void run(request);
  else running.get(request.id)?.abort();
});
