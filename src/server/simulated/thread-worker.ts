/** The thread's side of `startSimulatedThread`. */
import { parentPort, workerData } from "node:worker_threads";
import { createLog } from "../http/log.ts";
import { outliveErrors } from "../http/sturdy-server.ts";
import { startSimulatedEndpoint } from "./endpoint.ts";
import type { ThreadMessage, ThreadOptions } from "./thread.ts";

const tell = (message: ThreadMessage) => parentPort?.postMessage(message);
try {
  const { url, port, drain } = await startSimulatedEndpoint(workerData as ThreadOptions);
  parentPort?.on("message", () => void drain().then(() => parentPort?.postMessage("drained")));
  outliveErrors(createLog());
  tell({ url, port });
} catch (error) {
  const { message, code } = error as NodeJS.ErrnoException;
  tell({ error: message, code });
}
