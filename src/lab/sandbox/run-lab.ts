/** The life of one run inside the worker: load, wait until nothing is pending, grade if asked, say done. */
import type { LabContext, TimedBytes } from "../context.ts";
import type { Run } from "../../engine/run.ts";
import { limits, type CheckResult, type Exported, type LabJob, type LabToPage, type PageToLab } from "../protocol.ts";
import { bindLab, checksOf, grade, plainExports } from "../runtime.ts";
import { measureSize, sizeOfChart, sizeOfData, sizeOfWords } from "../size.ts";
import { captureConsole } from "./console.ts";
import { importWatched } from "./import-watched.ts";
import { watchRejections } from "./rejections.ts";
import { describeThrown } from "./thrown.ts";
import { watchTimers } from "./timers.ts";

type Unaddressed<T> = T extends unknown ? Omit<T, "v" | "run"> : never;

export interface LabPort {
  send(message: Unaddressed<LabToPage>): void;
  /** Milliseconds later, 0 unless said otherwise. */
  later(task: () => void, after?: number): void;
  /** Gives code a URL of its own, so that stacks can be told apart before the import has succeeded. */
  urlOf(code: string): string;
  importUrl(url: string): Promise<Record<string, unknown>>;
}

interface Call {
  readonly receive: (message: PageToLab) => void;
}

/** Runs are kept on the page up to this size; larger ones stay in the lab. */
const kept = { ...sizeOfData, bytes: 4e6 };
/** Milliseconds between two reports of a call that goes on. */
const progressEvery = 50;
/** Kept before learner code can replace it. */
const NativePromise = Promise;

/** Starts the job; the returned function takes the page's later messages. */
export function startLab(job: LabJob, port: LabPort): (message: PageToLab) => void {
  const calls = new Map<number, Call>();
  let calling = 0;
  let streams = 0;
  const timers = watchTimers(globalThis);
  const output = captureConsole(globalThis, (lines, dropped) => port.send({ type: "console", lines, dropped }));
  const now = performance.now.bind(performance);
  let told = -Infinity;
  const notes = new Set<string>();
  const note = (text: string) => {
    if (notes.size >= limits.notes || notes.has(text)) return;
    notes.add(text);
    port.send({ type: "note", text: text.slice(0, 1_000) });
  };

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
      if (job.mode !== "run") return;
      const size = measureSize(description, sizeOfChart);
      if ("problem" in size) note(`A chart was left out: it holds ${size.problem}, more than a chart may.`);
      else port.send({ type: "chart", description, origin });
    },
    keep: (run) => {
      if (job.mode === "run" && !("problem" in measureSize(run, kept))) port.send({ type: "kept", result: run });
    },
    progress: (done, of, what) => {
      const at = now();
      if (at - told < progressEvery && done < of) return;
      told = at;
      port.send({ type: "progress", done, of, ...(what !== undefined && { what }) });
    },
    note,
    traceData: (name) => job.traces?.find((trace) => trace.name === name),
    measure: (workload, warmup, onProgress) =>
      new Promise<Run>((resolve, reject) => {
        if (job.mode === "check") {
          reject(new Error("checks read the Runs of your last run, which made fewer: press Run again, then Check"));
          return;
        }
        const size = measureSize(workload, sizeOfData);
        if ("problem" in size) {
          reject(new Error(`this workload holds ${size.problem}, more than can be sent to the page: make it smaller`));
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
      if (job.mode === "check") return replayed(job.replayStreams?.[streams++]);
      const size = measureSize(request, sizeOfWords);
      if ("problem" in size) throw new Error(`this request holds ${size.problem}, more than can be sent to the page`);
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
  const fail = (thrown: unknown) => port.send({ type: "error", error: describeThrown(thrown, urls) });
  const rejections = watchRejections(globalThis, fail, port.later);
  globalThis.addEventListener("error", (event) => {
    (event as ErrorEvent).preventDefault();
    fail((event as ErrorEvent).error);
  });
  const load = (code: string, name: string) => {
    const url = port.urlOf(code);
    urls.set(url, name);
    return importWatched(url, port, () => calls.size > 0 || timers() > 0);
  };
  /** Timers may go on after the code's own end, within the lab's limit. */
  const settled = async () => {
    const ended = now();
    while (calls.size > 0 || timers() > 0) {
      if (calls.size === 0 && now() - ended > job.limit * 1000) {
        note(
          `The run was ended ${job.limit} s after the code itself, with a timer still running: clearInterval or clearTimeout ends it sooner.`,
        );
        return;
      }
      await new NativePromise<void>((resolve) => port.later(resolve));
    }
  };

  const run = async () => {
    bindLab(lab);
    const learner = await load(job.code, "main.js");
    await settled();
    if (job.mode === "check" && job.checks !== undefined) {
      const checks = checksOf(await load(job.checks, "checks.js"));
      const report = (result: CheckResult) => port.send({ type: "check", result });
      await grade(checks, lab, learner, report, (thrown) => describeThrown(thrown, urls));
    }
    return plainExports(learner);
  };
  /** Without a method of promises: code may have replaced it. */
  const end = async () => {
    let exported: Exported = {};
    try {
      exported = await run();
    } catch (thrown) {
      fail(thrown);
    }
    await rejections.reported();
    output.flush();
    port.send({ type: "done", exported });
  };
  void end();

  return (message) => {
    if ("call" in message) calls.get(message.call)?.receive(message);
  };
}

async function* replayed(chunks: readonly TimedBytes[] | undefined): AsyncGenerator<TimedBytes> {
  if (chunks === undefined)
    throw new Error("checks read the streams of your last run, which opened fewer: press Run again, then Check");
  for (const chunk of chunks) yield await Promise.resolve(chunk);
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
