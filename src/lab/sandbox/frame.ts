/** The sandbox document's own script: starts and ends workers for the page. Learner code never runs here. */
import { protocolVersion } from "../protocol-version.ts";

const source = document.getElementById("worker")?.textContent ?? "";
const workerUrl = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
const running = new Map<number, Worker>();

/** A worker with the engine loaded, waiting for the next run. */
let spare: Worker | null = null;

function warm(): Worker {
  return new Worker(workerUrl, { name: "lab" });
}

function answer(type: "ready" | "ended" | "broken", run = 0): void {
  // An opaque origin can't be named as a target; the page checks that the message comes from this window.
  parent.postMessage({ v: protocolVersion, type, run }, "*");
}

addEventListener("message", (event: MessageEvent) => {
  if (event.source !== parent) return;
  const { v, type, run } = event.data as { v?: unknown; type?: unknown; run?: unknown };
  if (v !== protocolVersion || typeof run !== "number") return;
  const port = event.ports[0];
  if (type === "begin" && port !== undefined) {
    const worker = spare ?? warm();
    spare = null;
    running.set(run, worker);
    worker.onerror = (error) => {
      error.preventDefault();
      answer("broken", run);
    };
    worker.postMessage(run, [port]);
    setTimeout(() => (spare ??= warm()), 50);
  } else if (type === "end") {
    running.get(run)?.terminate();
    running.delete(run);
    answer("ended", run);
  }
});

spare = warm();
answer("ready");
