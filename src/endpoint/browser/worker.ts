/** The endpoint worker: a static file whose own response headers let it reach other hosts. It alone holds URL and key, and ends with its one answer. */
import { examine, Unreachable } from "../doctor/examine.ts";
import { endpointUrl, normalBaseUrl } from "../base-url.ts";
import { MeasureError, type EndpointTarget } from "../endpoint-target.ts";
import { measure } from "../measure.ts";
import { readModelList } from "../models.ts";
import { runBuffers } from "../run-wire.ts";
import { hideSecrets, withoutSecrets } from "../secrets.ts";
import { askRunner, measureThroughRunner } from "../through-runner.ts";
import { finding } from "../doctor/advise.ts";
import type { DoctorReport } from "../doctor/report.ts";
import { browserClock } from "./browser-clock.ts";
import { fetchTransport } from "./fetch-transport.ts";
import type { PageToWorker, WorkerToPage } from "./messages.ts";
import { pair } from "./pair.ts";
import { get, post } from "./reach.ts";
import { watchSendWaits, withSendWait } from "./send-wait.ts";
import { voidIfHeldBack } from "./void-run.ts";

/** Progress is passed on at most this often, ms. */
const PROGRESS_EVERY = 100;

type Question = Extract<PageToWorker, { type: "models" | "doctor" }>;

const stop = new AbortController();
let hidden = false;

function say(message: WorkerToPage, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

function authorisation(target: EndpointTarget): Record<string, string> {
  return { ...target.headers, ...(target.key && { authorization: `Bearer ${target.key}` }) };
}

async function measured({
  target,
  workload,
  options,
  runner,
}: Extract<PageToWorker, { type: "measure" }>): Promise<void> {
  let told = 0;
  const onProgress = (done: number, of: number): void => {
    const now = performance.now();
    if (now - told < PROGRESS_EVERY && done < of) return;
    told = now;
    say({ type: "progress", done, of });
  };
  if (runner) {
    const run = await measureThroughRunner(target, workload, { ...options, signal: stop.signal, onProgress, runner });
    return say({ type: "measured", run }, runBuffers(run));
  }
  const carrier = {
    transport: fetchTransport(target),
    clock: browserClock,
    versions: { browser: navigator.userAgent },
    post: (url: URL, body: string) => post(url, body, authorisation(target)),
  };
  const waits = watchSendWaits(normalBaseUrl(target.baseUrl).replace(/\?.*$/, ""));
  const measuredRun = await measure(carrier, target, workload, { ...options, signal: stop.signal, onProgress });
  const run = voidIfHeldBack(withSendWait(measuredRun, waits), hidden);
  say({ type: "measured", run }, runBuffers(run));
}

async function models({ target, page, runner }: Question): Promise<void> {
  if (runner) {
    const { models } = await askRunner<{ models: string[] }>(runner, "models", { target });
    return say({ type: "models", models });
  }
  const url = endpointUrl(target.baseUrl, "/models");
  try {
    const answer = await get(url, authorisation(target), page);
    say({
      type: "models",
      models: readModelList(answer.status, answer.status === 200 ? answer.body : hideSecrets(answer.body, target)),
    });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    const { what, fix } = finding(error.id, "unknown");
    throw new MeasureError(error.id, `${what} ${fix}`);
  }
}

async function doctor({ target, page, runner }: Question): Promise<void> {
  if (runner) return say({ type: "report", report: await askRunner<DoctorReport>(runner, "doctor", { target }) });
  const headers = authorisation(target);
  const how = {
    transport: fetchTransport({ ...target, baseUrl: reachable(target.baseUrl) }),
    clock: browserClock,
    get: (url: URL) => get(url, headers, page),
  };
  say({ type: "report", report: withoutSecrets(await examine(how, target), target) });
}

/** A URL that is none is the doctor's first finding; the transport is then never used. */
function reachable(baseUrl: string): string {
  try {
    return normalBaseUrl(baseUrl);
  } catch {
    return "http://127.0.0.1/v1";
  }
}

self.addEventListener("message", (event: MessageEvent<PageToWorker>) => {
  const asked = event.data;
  const tell = (error: unknown): void =>
    say({
      type: "error",
      kind: error instanceof MeasureError ? error.kind : "input",
      message: error instanceof Error ? error.message : String(error),
    });
  if (asked.type === "stop") stop.abort();
  else if (asked.type === "hidden") hidden = true;
  else if (asked.type === "measure") measured(asked).catch(tell);
  else if (asked.type === "pair") pair(asked.url, asked.token).then((runner) => say({ type: "paired", runner }), tell);
  else if (asked.type === "models") models(asked).catch(tell);
  else doctor(asked).catch(tell);
});
