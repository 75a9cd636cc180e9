/** Measures through a local runner: the page sends the workload, the runner's thread carries the load and sends the Run back. */
import type { Run } from "../engine/run.ts";
import type { Workload } from "../engine/workload/types.ts";
import { MeasureError, type EndpointTarget, type MeasureOptions, type Via } from "./endpoint-target.ts";
import { fromBase64, RunAssembler } from "./run-wire.ts";

type Runner = Extract<Via, { kind: "runner" }>;

const OWN: Runner = { kind: "runner" };
/** As src/server/access.ts has it. */
const SESSION_HEADER = "x-perflab-session";

/** One read of an answer's raw bytes; `t` in seconds since the request left. */
export interface TimedBytes {
  readonly t: number;
  readonly bytes: Uint8Array;
}

/** Throws MeasureError with a sentence when the target can't be measured or the runner is gone. Stopping gives the partial Run. */
export async function measureThroughRunner(
  target: EndpointTarget,
  workload: Workload,
  options: MeasureOptions & { runner?: Runner } = {},
): Promise<Run> {
  const { signal, onProgress, onWaiting, runner = OWN, ...plain } = options;
  const id = globalThis.crypto.randomUUID();
  const answer = await post(runner, "run", { id, target, workload, options: plain });
  const cancel = (): void => void post(runner, "cancel", { id }).catch(() => {});
  if (signal?.aborted) cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  const assembler = new RunAssembler();
  try {
    for await (const line of linesOf(answer)) {
      const said = JSON.parse(line) as { type: string; done?: number; of?: number; kind?: string; message?: string };
      if (said.type === "error")
        throw new MeasureError(said.kind ?? "runner", said.message ?? "The runner could not measure.");
      if (said.type === "waiting") onWaiting?.(said.message ?? "");
      if (said.type === "progress") onProgress?.(said.done ?? 0, said.of ?? 0);
      const run = assembler.push(line);
      if (run) return run;
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
  throw new MeasureError("runner", "The runner ended before it had sent the whole run. Is it still running?");
}

/** The raw bytes of one answer with their times. Throws MeasureError. */
export async function* openStreamThroughRunner(
  target: EndpointTarget,
  request: { prompt: string; maxTokens: number },
  options: { signal?: AbortSignal; runner?: Runner } = {},
): AsyncGenerator<TimedBytes> {
  const answer = await post(options.runner ?? OWN, "stream", { target, ...request }, options.signal);
  for await (const line of linesOf(answer)) {
    const said = JSON.parse(line) as { type: string; t?: number; data?: string; kind?: string; message?: string };
    if (said.type === "error") throw new MeasureError(said.kind ?? "runner", said.message ?? "The stream failed.");
    if (said.type === "end") return;
    if (said.type === "bytes") yield { t: said.t ?? NaN, bytes: fromBase64(said.data ?? "") };
  }
  throw new MeasureError("runner", "The runner ended before the answer did. Is it still running?");
}

/** One JSON call; throws MeasureError with the runner's own sentence. */
export async function askRunner<T>(runner: Runner, call: string, body: unknown): Promise<T> {
  const answer = await post(runner, call, body);
  return (await answer.json()) as T;
}

async function post(runner: Runner, call: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const base = runner.url ?? globalThis.location?.origin ?? "";
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (runner.session !== undefined) headers[SESSION_HEADER] = runner.session;
  const request = { method: "POST", headers, body: JSON.stringify(body), ...(signal && { signal }) };
  const answer = await fetch(new URL(`/api/runner/${call}`, base), request).catch(() => {
    throw new MeasureError(
      "no-runner",
      "The local runner does not answer. Start it with `npm start` and open the page that it prints.",
    );
  });
  if (answer.ok) return answer;
  const said = (await answer.json().catch(() => undefined)) as
    { error?: string | { kind?: string; message?: string } } | undefined;
  // A static host has no such page, or none that takes a POST.
  if ([404, 405, 501].includes(answer.status) && said === undefined)
    throw new MeasureError(
      "no-runner",
      "This page has no local runner behind it. Start one with `npm start`, or pair with one.",
    );
  const words = typeof said?.error === "string" ? { kind: "runner", message: said.error } : said?.error;
  throw new MeasureError(words?.kind ?? "runner", words?.message ?? `The runner answered ${answer.status}.`);
}

async function* linesOf(answer: Response): AsyncGenerator<string> {
  const reader = answer.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  const parts: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new MeasureError("runner", "The connection to the runner broke. Is it still running?");
      });
      if (done) break;
      const pieces = decoder.decode(value, { stream: true }).split("\n");
      parts.push(pieces[0]!);
      for (const piece of pieces.slice(1)) {
        const line = parts.splice(0).join("");
        if (line !== "") yield line;
        parts.push(piece);
      }
    }
    const rest = parts.join("");
    if (rest !== "") yield rest;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
