/** Runs the simulated endpoint in a thread of its own, so that a busy page server or load generator does not delay its tokens. */
import { Worker } from "node:worker_threads";
import { createLog, type Log } from "../http/log.ts";
import type { SimulatedEndpointOptions } from "./options.ts";

export type ThreadOptions = Omit<SimulatedEndpointOptions, "clock" | "log">;
export type ThreadMessage = { url: string; port: number } | { error: string; code?: string };

export interface SimulatedThread {
  readonly url: string;
  readonly port: number;
  /** Takes no new connection, and resolves once every answer has ended. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** Rejects with the reason when it cannot start; the error's `code` is EADDRINUSE when the port is taken. */
export async function startSimulatedThread(
  options: ThreadOptions = {},
  log: Log = createLog(),
): Promise<SimulatedThread> {
  const worker = new Worker(new URL("./thread-worker.ts", import.meta.url), { workerData: options });
  const ready = await new Promise<ThreadMessage>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  if ("error" in ready) {
    await worker.terminate();
    throw Object.assign(new Error(ready.error), { code: ready.code });
  }
  worker.on("error", (error) => log(`the simulated endpoint ended: ${error.message}`));
  return {
    url: ready.url,
    port: ready.port,
    drain: () =>
      new Promise((resolve) => {
        worker.once("message", () => resolve());
        worker.once("exit", () => resolve());
        worker.postMessage("drain");
      }),
    close: async () => void (await worker.terminate()),
  };
}
