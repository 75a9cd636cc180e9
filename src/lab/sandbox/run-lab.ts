/** The life of one run inside the worker: load, wait until nothing is pending, grade if asked, say done. */
import type { LabContext, TimedBytes } from "../context.ts";
import type { Run } from "../../engine/run.ts";
import {
  cloneBytes,
  type CheckResult,
  type LabError,
  type LabJob,
  type LabToPage,
  type PageToLab,
} from "../protocol.ts";
import { bindLab, checksOf, grade, plainExports } from "../runtime.ts";
import { captureConsole } from "./console.ts";

type Unaddressed<T> = T extends unknown ? Omit<T, "v" | "run"> : never;

export interface LabPort {
  send(message: Unaddressed<LabToPage>): void;
  later(task: () => void): void;
  /** Gives code a URL of its own, so that stacks can be told apart before the import has succeeded. */
  urlOf(code: string): string;
  importUrl(url: string): Promise<Record<string, unknown>>;
}

interface Call {
  readonly receive: (message: PageToLab) => void;
}

/** Runs are kept on the page up to this size; larger ones stay in the lab. */
const keptBytes = 4e6;

/** Starts the job; the returned function takes the page's later messages. */
export function startLab(job: LabJob, port: LabPort): (message: PageToLab) => void {
  const calls = new Map<number, Call>();
  let calling = 0;
  const pending = watchTimers();
  const output = captureConsole(
    globalThis,
    (lines, dropped) => port.send({ type: "console", lines, dropped }),
    port.later,
  );

  const lab: LabContext = {
    seed: job.seed,
    params: job.params,
    ...(job.server === undefined ? {} : { server: job.server }),
    parameters: job.parameters,
    measured: job.measured,
    replay: job.replay ?? [],
    runs: [],
    charts: [],
    emit: (description, origin) => {
      if (job.mode === "run") port.send({ type: "chart", description, origin });
    },
    keep: (run) => {
      if (job.mode === "run" && cloneBytes(run, keptBytes) <= keptBytes) port.send({ type: "kept", result: run });
    },
    progress: (done, of) => port.send({ type: "progress", done, of }),
    measure: (workload, warmup, onProgress) =>
      new Promise<Run>((resolve, reject) => {
        if (job.mode === "check") {
          reject(new Error("checks read the Runs of your last run, which made fewer: press Run again, then Check"));
          return;
        }
        const call = ++calling;
        calls.set(call, {
          receive(message) {
            if (message.type === "measuring") onProgress(message.done, message.of);
            else if (message.type === "measured") resolve(message.result);
            else if (message.type === "refused") reject(new Error(message.message));
            if (message.type !== "measuring") calls.delete(call);
          },
        });
        port.send({ type: "measure", call, workload, options: { warmup } });
      }),
    openStream: (request) => {
      const call = ++calling;
      const { push, close, iterable } = channel();
      calls.set(call, {
        receive(message) {
          if (message.type === "bytes") push({ t: message.t, bytes: message.bytes });
          else {
            calls.delete(call);
            close(message.type === "refused" ? new Error(message.message) : null);
          }
        },
      });
      port.send({ type: "openStream", call, request });
      return iterable;
    },
  };

  const urls = new Map<string, string>();
  const fail = (thrown: unknown) => port.send({ type: "error", error: describeError(thrown, urls) });
  globalThis.addEventListener("unhandledrejection", (event) => {
    (event as PromiseRejectionEvent).preventDefault();
    fail((event as PromiseRejectionEvent).reason);
  });
  globalThis.addEventListener("error", (event) => {
    (event as ErrorEvent).preventDefault();
    fail((event as ErrorEvent).error);
  });
  const load = async (code: string, name: string) => {
    const url = port.urlOf(code);
    urls.set(url, name);
    return port.importUrl(url);
  };

  const run = async () => {
    bindLab(lab);
    const learner = await load(job.code, "main.js");
    while (calls.size > 0 || pending() > 0) await new Promise<void>((resolve) => port.later(resolve));
    if (job.mode === "check" && job.checks !== undefined) {
      const checks = checksOf(await load(job.checks, "checks.js"));
      const report = (result: CheckResult) => port.send({ type: "check", result });
      await grade(checks, lab, learner, report, (thrown) => describeError(thrown, urls));
    }
    return plainExports(learner);
  };
  void run()
    .then(
      // One turn later, so that a rejection nobody awaited is still reported before the end.
      (exported) => new Promise<typeof exported>((resolve) => port.later(() => resolve(exported))),
      (thrown: unknown) => (fail(thrown), {}),
    )
    .then((exported) => {
      output.flush();
      port.send({ type: "done", exported });
    });

  return (message) => {
    if ("call" in message) calls.get(message.call)?.receive(message);
  };
}

/** Counts timeouts that have still to fire, so that a run does not end before the code it started. */
function watchTimers(): () => number {
  const live = new Set<unknown>();
  const set = globalThis.setTimeout.bind(globalThis);
  const clear = globalThis.clearTimeout.bind(globalThis);
  const counted = (handler: (...args: unknown[]) => void, delay?: number, ...args: unknown[]) => {
    const id: unknown = set(() => {
      live.delete(id);
      handler(...args);
    }, delay);
    live.add(id);
    return id;
  };
  Reflect.set(globalThis, "setTimeout", counted);
  Reflect.set(globalThis, "clearTimeout", (id: Parameters<typeof clear>[0]) => {
    live.delete(id);
    clear(id);
  });
  return () => live.size;
}

function describeError(thrown: unknown, urls: ReadonlyMap<string, string>): LabError {
  if (!(thrown instanceof Error)) return { name: "Thrown", message: short(String(thrown), 10_000), stack: "" };
  let stack = thrown.stack ?? "";
  for (const [url, name] of urls) stack = stack.replaceAll(url, `lab:${name}`);
  return {
    name: short(String(thrown.name), 200),
    message: short(String(thrown.message), 10_000),
    stack: short(stack, 20_000),
  };
}

function short(text: string, most: number): string {
  return text.length > most ? text.slice(0, most) : text;
}

/** A queue that one side fills and the other iterates. */
function channel(): {
  push(item: TimedBytes): void;
  close(error: Error | null): void;
  iterable: AsyncIterable<TimedBytes>;
} {
  const queue: TimedBytes[] = [];
  let wake: (() => void) | null = null;
  let ended: { error: Error | null } | null = null;
  async function* read(): AsyncGenerator<TimedBytes> {
    for (;;) {
      const item = queue.shift();
      if (item !== undefined) yield item;
      else if (ended !== null) {
        if (ended.error !== null) throw ended.error;
        return;
      } else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    push(item) {
      queue.push(item);
      wake?.();
    },
    close(error) {
      ended = { error };
      wake?.();
    },
    iterable: read(),
  };
}
