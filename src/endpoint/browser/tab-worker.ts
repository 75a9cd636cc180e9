/** The tab engine's worker: loads llama.cpp once, then carries one measurement or one raw stream at a time. */
import type { Wllama } from "@wllama/wllama/esm/index.js";
import { pathOf, requestBody } from "../../engine/benchmark/request-body.ts";
import { MeasureError } from "../endpoint-target.ts";
import { measure } from "../measure.ts";
import { runBuffers } from "../run-wire.ts";
import { tabTarget } from "../tab-engine.ts";
import { browserClock } from "./browser-clock.ts";
import { loadWllama } from "./load-wllama.ts";
import type { TabAnswer, TabQuestion } from "./tab-messages.ts";
import { voidIfHeldBack } from "./void-run.ts";
import { wllamaTransport } from "./wllama-transport.ts";

/** Set by the build: the WebAssembly file beside this one, its size unpacked, and the package's version. */
declare const WLLAMA: { readonly file: string; readonly bytes: number; readonly version: string };

/** Progress is passed on at most this often, ms. */
const PROGRESS_EVERY = 100;

let engine: Promise<Wllama> | undefined;
let stop = new AbortController();
let hidden = false;

function say(message: TabAnswer, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

function loaded(): Promise<Wllama> {
  return (engine ??= loadWllama(new URL(WLLAMA.file, self.location.href), WLLAMA.bytes, (what, fraction) =>
    say({ type: "loading", what, fraction }),
  ));
}

async function measured({ workload, options }: Extract<TabQuestion, { type: "measure" }>): Promise<void> {
  let told = 0;
  const onProgress = (done: number, of: number): void => {
    const now = performance.now();
    if (now - told < PROGRESS_EVERY && done < of) return;
    told = now;
    say({ type: "progress", done, of });
  };
  const carrier = {
    transport: wllamaTransport(await loaded()),
    clock: browserClock,
    versions: { browser: navigator.userAgent, wllama: WLLAMA.version },
  };
  const { signal } = stop;
  const run = await measure(carrier, tabTarget, workload, { ...options, signal, onProgress });
  const honest = voidIfHeldBack(run, hidden, "inTab");
  say({ type: "measured", run: honest }, runBuffers(honest));
}

async function streamed({ prompt, maxTokens }: Extract<TabQuestion, { type: "stream" }>): Promise<void> {
  const transport = wllamaTransport(await loaded());
  const shape = {
    api: "chat",
    stream: true,
    includeUsage: true,
    lengthControl: false,
    limitField: "max_tokens",
  } as const;
  const body = requestBody(shape, tabTarget.model, [{ role: "user", content: prompt }], maxTokens);
  const { signal } = stop;
  const zero = performance.now() / 1000;
  await new Promise<void>((resolve, reject) => {
    const exchange = transport.send(
      { id: "stream", path: pathOf(shape.api), body },
      {
        headers() {},
        chunk: (bytes, t) => say({ type: "bytes", t: t - zero, bytes }),
        end: () => resolve(),
        fail: ({ kind, message }) => reject(new MeasureError(kind, message)),
      },
    );
    const cancel = (): void => {
      exchange.abort();
      reject(new MeasureError("stopped", "The stream was stopped."));
    };
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
  });
  say({ type: "end" });
}

self.addEventListener("message", (event: MessageEvent<TabQuestion>) => {
  const asked = event.data;
  if (asked.type === "stop") return stop.abort();
  if (asked.type === "hidden") {
    hidden = true;
    return;
  }
  stop = new AbortController();
  hidden = false;
  const answer = asked.type === "measure" ? measured(asked) : streamed(asked);
  answer.catch((error: unknown) =>
    say({
      type: "error",
      kind: error instanceof MeasureError ? error.kind : "input",
      message: error instanceof Error ? error.message : String(error),
      fatal: error instanceof MeasureError && error.kind === "no-tab-engine",
    }),
  );
});
