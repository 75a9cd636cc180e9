/**
 * A real engine in this tab: llama.cpp as WebAssembly over the generated tiny model, measured by the same load generator as an
 * endpoint. It is loaded on first use (a few seconds) and kept until the page goes or `closeTabEngine` is called.
 */
import type { Run } from "../engine/run.ts";
import type { Workload } from "../engine/workload/types.ts";
import type { TabAnswer, TabQuestion } from "./browser/tab-messages.ts";
import { MeasureError, type EndpointTarget, type MeasureOptions } from "./endpoint-target.ts";
import type { TimedBytes } from "./through-runner.ts";

/** Stands for the engine where an endpoint would: no URL, no key, no price. */
export const tabTarget: EndpointTarget = {
  label: "llama.cpp in this tab",
  baseUrl: "tab:",
  model: "perflab-tiny-4m",
};

export function isTabTarget(target: EndpointTarget): boolean {
  return target.baseUrl === tabTarget.baseUrl;
}

export interface TabOptions extends Omit<MeasureOptions, "whole"> {
  /** Called while the engine loads, with what is being done and how far the whole loading is, 0 to 1. */
  onLoading?(what: string, fraction: number): void;
}

let workerUrl: string | URL | undefined;
let open: Worker | undefined;
/** The engine answers one question at a time. */
let turn: Promise<unknown> = Promise.resolve();

/** Where the built worker (src/endpoint/browser/tab-worker.ts) is served. Call once before measuring. */
export function useTabEngine(url: string | URL): void {
  workerUrl = url;
}

/** What keeps this browser from running the engine, and what to do instead; null when nothing does. */
export function tabEngineMissing(): string | null {
  const lacking = [
    ...("Suspending" in WebAssembly ? [] : ["JavaScript promise integration (JSPI)"]),
    ...(hasMemory64() ? [] : ["64-bit memory"]),
  ];
  if (workerUrl === undefined) return "This page was built without the engine. Run on the simulated server instead.";
  if (lacking.length === 0) return null;
  return (
    `This browser's WebAssembly lacks ${lacking.join(" and ")}, which llama.cpp needs here: current Chrome and Edge have both. ` +
    "Run on the simulated server, or measure an endpoint by URL; `npm run endpoint:llama` starts the same engine beside this page."
  );
}

/**
 * The engine batches four sequences; requests beyond them wait in its own queue, as on a server. Stopping gives the partial Run.
 * A run during which the page was hidden is void: the Run says so in `ended`. Throws MeasureError with a sentence when the engine can't
 * run here, InputError's sentence in a MeasureError when the workload is malformed.
 */
export function measureInTab(workload: Workload, options: TabOptions = {}): Promise<Run> {
  const { signal, onProgress, onLoading, ...plain } = options;
  return ask<Run>(
    { type: "measure", workload, options: plain },
    (said) => {
      if (said.type === "loading") onLoading?.(said.what, said.fraction);
      if (said.type === "progress") onProgress?.(said.done, said.of);
      return said.type === "measured" ? said.run : undefined;
    },
    signal,
  );
}

/** The raw bytes of one answer with their times. Throws MeasureError. */
export async function* openStreamInTab(
  request: { prompt: string; maxTokens: number },
  signal?: AbortSignal,
): AsyncGenerator<TimedBytes> {
  const arrived: TimedBytes[] = [];
  let wake = (): void => {};
  let over = false;
  const answer = ask<true>(
    { type: "stream", ...request },
    (said) => {
      if (said.type === "bytes") arrived.push({ t: said.t, bytes: said.bytes });
      wake();
      return said.type === "end" ? true : undefined;
    },
    signal,
  ).finally(() => {
    over = true;
    wake();
  });
  answer.catch(() => {});
  for (;;) {
    const part = arrived.shift();
    if (part) yield part;
    else if (over) break;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
  await answer;
}

/** Gives the memory back; the next measurement loads the engine again. */
export function closeTabEngine(): void {
  open?.terminate();
  open = undefined;
}

function ask<T>(question: TabQuestion, read: (said: TabAnswer) => T | undefined, signal?: AbortSignal): Promise<T> {
  const missing = tabEngineMissing();
  if (missing !== null) return Promise.reject(new MeasureError("no-tab-engine", missing));
  const answer = turn.then(() => converse(question, read, signal));
  turn = answer.catch(() => {});
  return answer;
}

function converse<T>(
  question: TabQuestion,
  read: (said: TabAnswer) => T | undefined,
  signal: AbortSignal | undefined,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const worker = (open ??= new Worker(workerUrl!, { name: "tab engine" }));
    const say = (message: TabQuestion): void => worker.postMessage(message);
    const stop = (): void => say({ type: "stop" });
    const hidden = (): void => {
      if (document.visibilityState === "hidden") say({ type: "hidden" });
    };
    const over = (): void => {
      worker.removeEventListener("message", hear);
      worker.removeEventListener("error", broken);
      signal?.removeEventListener("abort", stop);
      document.removeEventListener("visibilitychange", hidden);
    };
    const hear = (event: MessageEvent<TabAnswer>): void => {
      const said = event.data;
      const answer = read(said);
      if (said.type !== "error" && answer === undefined) return;
      over();
      if (said.type !== "error") return resolve(answer as T);
      if (said.fatal) closeTabEngine();
      reject(new MeasureError(said.kind, said.message));
    };
    const broken = (): void => {
      over();
      closeTabEngine();
      reject(new MeasureError("no-tab-engine", "The engine's worker could not start. Reload the page and try again."));
    };
    worker.addEventListener("message", hear);
    worker.addEventListener("error", broken);
    document.addEventListener("visibilitychange", hidden);
    say(question);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    hidden();
  });
}

function hasMemory64(): boolean {
  try {
    new WebAssembly.Memory({ address: "i64", initial: 1n } as unknown as WebAssembly.MemoryDescriptor);
    return true;
  } catch {
    return false;
  }
}
