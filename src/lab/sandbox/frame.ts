/** The sandbox document's own script: starts and ends a lab's worker and its guard for the page. Learner code never runs here, and nothing that it sends arrives here. */
import { protocolVersion } from "../protocol-version.ts";

/** The two workers of a run, loaded and waiting: the lab's, with the engine in it, and the guard that it has to talk through. */
interface Pair {
  readonly lab: Worker;
  readonly guard: Worker;
}

const urls = { lab: urlOf("worker"), guard: urlOf("guard") };
const running = new Map<number, () => void>();

/** For the next run. */
let spare: Pair | null = null;

function urlOf(id: string): string {
  const source = document.getElementById(id)?.textContent ?? "";
  return URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
}

function warm(): Pair {
  return { lab: new Worker(urls.lab, { name: "lab" }), guard: new Worker(urls.guard, { name: "guard" }) };
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
  const { lab, guard } = spare ?? warm();
  spare = null;
  const { port1: labsEnd, port2: guardsEnd } = new MessageChannel();
  const end = () => {
    running.delete(run);
    lab.terminate();
    guard.terminate();
  };
  running.set(run, end);
  guard.onmessage = (event: MessageEvent<string>) => {
    end();
    answer("flood", run, event.data);
  };
  for (const worker of [lab, guard])
    worker.onerror = (error) => {
      error.preventDefault();
      answer("broken", run);
    };
  guard.postMessage(run, [guardsEnd, page]);
  lab.postMessage(run, [labsEnd]);
  setTimeout(() => (spare ??= warm()), 50);
}

spare = warm();
answer("ready");
