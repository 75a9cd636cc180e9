/** Measures straight from the browser: a dedicated worker holds URL and key, so that the page's connect-src stays 'self'. */
import type { Run } from "../../engine/run.ts";
import type { Workload } from "../../engine/workload/types.ts";
import type { DoctorReport } from "../doctor/report.ts";
import { MeasureError, type EndpointTarget, type MeasureOptions, type PairedRunner } from "../endpoint-target.ts";
import type { PageFacts, PageToWorker, WorkerToPage } from "./messages.ts";

let workerUrl: string | URL | undefined;

/** Where the built endpoint worker (src/endpoint/browser/worker.ts) is served. Call once before measuring from the browser. */
export function useEndpointWorker(url: string | URL): void {
  workerUrl = url;
}

/**
 * At most six streams at once, unless a paired runner carries them. A run during which the page was hidden or the worker stalled is void: the Run says so in `ended`.
 * Stopping gives the partial Run. Throws MeasureError.
 */
export function measureInBrowser(
  target: EndpointTarget,
  workload: Workload,
  options: MeasureOptions & { runner?: PairedRunner } = {},
): Promise<Run> {
  const { signal, onProgress, onWaiting: _, runner, ...plain } = options;
  return ask<Run>(
    { type: "measure", target, workload, options: plain, ...(runner && { runner }) },
    (said) => {
      if (said.type === "progress") onProgress?.(said.done, said.of);
      return said.type === "measured" ? said.run : undefined;
    },
    signal,
  );
}

export function browserModels(target: EndpointTarget, runner?: PairedRunner): Promise<string[]> {
  return ask({ type: "models", target, page: pageFacts(), ...(runner && { runner }) }, (said) =>
    said.type === "models" ? [...said.models] : undefined,
  );
}

export function browserDoctor(target: EndpointTarget, runner?: PairedRunner): Promise<DoctorReport> {
  return ask({ type: "doctor", target, page: pageFacts(), ...(runner && { runner }) }, (said) =>
    said.type === "report" ? said.report : undefined,
  );
}

/** Pairs this page with a runner of another origin. Throws MeasureError. */
export function pairWithRunner(url: string, token: string): Promise<PairedRunner> {
  return ask({ type: "pair", url, token }, (said) => (said.type === "paired" ? said.runner : undefined));
}

function pageFacts(): PageFacts {
  return { secure: location.protocol === "https:", hidden: document.visibilityState === "hidden" };
}

/** A fresh worker a question: it ends with its answer, and the key with it. */
function ask<T>(question: PageToWorker, read: (said: WorkerToPage) => T | undefined, signal?: AbortSignal): Promise<T> {
  const url = workerUrl;
  if (url === undefined)
    return Promise.reject(
      new MeasureError(
        "no-worker",
        "This page was built without its endpoint worker; measure through the local runner instead.",
      ),
    );
  return new Promise<T>((resolve, reject) => {
    const worker = new Worker(url, { name: "endpoint" });
    const say = (message: PageToWorker): void => worker.postMessage(message);
    const stop = (): void => say({ type: "stop" });
    const hidden = (): void => {
      if (document.visibilityState === "hidden") say({ type: "hidden" });
    };
    const over = (): void => {
      worker.terminate();
      signal?.removeEventListener("abort", stop);
      document.removeEventListener("visibilitychange", hidden);
    };
    worker.addEventListener("message", (event: MessageEvent<WorkerToPage>) => {
      const said = event.data;
      const answer = read(said);
      if (said.type !== "error" && answer === undefined) return;
      over();
      if (said.type === "error") reject(new MeasureError(said.kind, said.message));
      else resolve(answer as T);
    });
    worker.addEventListener("error", () => {
      over();
      reject(new MeasureError("no-worker", "The endpoint worker could not start. Reload the page and try again."));
    });
    document.addEventListener("visibilitychange", hidden);
    say(question);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    hidden();
  });
}
