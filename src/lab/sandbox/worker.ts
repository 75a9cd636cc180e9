/** Runs one lab in a worker: binds "perflab", imports the learner's module, and reports what happens. Loaded with the engine before any learner code. */
import { readFromPage, protocolVersion, limits, type LabToPage, type PageToLab } from "../protocol.ts";
import { startLab, type LabPort } from "./run-lab.ts";
import { closeWaysOut } from "./globals.ts";

const scope: EventTarget = globalThis;

// Kept before learner code can replace them.
const later = setTimeout.bind(globalThis);
const urlOf = URL.createObjectURL.bind(URL);

scope.addEventListener(
  "message",
  (event) => {
    const { data, ports } = event as MessageEvent<unknown>;
    const port = ports[0];
    if (port === undefined || typeof data !== "number") return;
    closeWaysOut(scope);
    serve(port, data);
  },
  { once: true },
);

function serve(port: MessagePort, run: number): void {
  const post = port.postMessage.bind(port);
  let kept = 0;
  const lab: LabPort = {
    send(message) {
      if (message.type === "kept" && ++kept > limits.runs) return;
      post({ v: protocolVersion, run, ...message } as LabToPage);
    },
    later: (task, after = 0) => void later(task, after),
    urlOf: (code) => urlOf(new Blob([code], { type: "text/javascript" })),
    importUrl: (url) => import(url) as Promise<Record<string, unknown>>,
  };
  lab.send({ type: "pong", n: 0 });
  let receive: ((message: PageToLab) => void) | null = null;
  port.onmessage = (event) => {
    const message = readFromPage(event.data);
    if (message === null || message.run !== run) return;
    if (message.type === "ping") lab.send({ type: "pong", n: message.n });
    else if (message.type === "start") receive ??= startLab(message.job, lab);
    else receive?.(message);
  };
}
