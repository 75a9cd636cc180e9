/** The sandbox document's own script: starts and ends workers for the page, and measures what they say. Learner code never runs here. */
import { protocolVersion, type LabToPage } from "../protocol.ts";
import { Relay } from "./relay.ts";

const source = document.getElementById("worker")?.textContent ?? "";
const workerUrl = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
const running = new Map<number, () => void>();

/** A worker with the engine loaded, waiting for the next run. */
let spare: Worker | null = null;

/** Milliseconds between what is passed on to the page. */
const turn = 30;

function warm(): Worker {
  return new Worker(workerUrl, { name: "lab" });
}

function answer(type: "ready" | "ended" | "broken" | "flood", run = 0, message = ""): void {
  // An opaque origin can't be named as a target; the page checks that the message comes from this window.
  parent.postMessage({ v: protocolVersion, type, run, message }, "*");
}

addEventListener("message", (event: MessageEvent) => {
  if (event.source !== parent) return;
  const { v, type, run } = event.data as { v?: unknown; type?: unknown; run?: unknown };
  if (v !== protocolVersion || typeof run !== "number") return;
  const port = event.ports[0];
  if (type === "begin" && port !== undefined) begin(run, port);
  else if (type === "end") {
    running.get(run)?.();
    answer("ended", run);
  }
});

function begin(run: number, page: MessagePort): void {
  const worker = spare ?? warm();
  spare = null;
  const { port1: lab, port2: theirs } = new MessageChannel();
  const end = () => {
    running.delete(run);
    worker.terminate();
    lab.onmessage = null;
    lab.close();
    page.onmessage = null;
  };
  running.set(run, end);
  const relay = new Relay(run, {
    toPage: (message: LabToPage) => page.postMessage(message),
    flood(why) {
      end();
      answer("flood", run, why);
    },
    later: (task) => void setTimeout(task, turn),
    now: () => performance.now(),
  });
  lab.onmessage = (event: MessageEvent<unknown>) => relay.take(event.data);
  page.onmessage = (event: MessageEvent<{ type?: unknown; n?: unknown }>) => {
    if (event.data.type === "ping") relay.pinged(Number(event.data.n));
    lab.postMessage(event.data);
  };
  worker.onerror = (error) => {
    error.preventDefault();
    answer("broken", run);
  };
  worker.postMessage(run, [theirs]);
  setTimeout(() => (spare ??= warm()), 50);
}

spare = warm();
answer("ready");
