/** One lab on a page, without its looks: compiles, runs, checks and stops, and tells a view what happens. */
import { DEFAULT_WARMUP } from "../endpoint/allotment.ts";
import type { EndpointTarget, TargetPrice } from "../endpoint/target.ts";
import { isTabTarget } from "../endpoint/tab-engine.ts";
import type { ChartDescription, ChartOrigin } from "../engine/chart/types.ts";
import type { Run } from "../engine/run.ts";
import type { PackedTrace } from "../engine/workload/traces/decode.ts";
import type { Workload } from "../engine/workload/types.ts";
import { bookingOf, streamBooking } from "./booking.ts";
import type { TimedBytes } from "./context.ts";
import type { CompileClient } from "./compile/client.ts";
import type { Compiled } from "./compile/compiler.ts";
import type { TraceOptions } from "./fetch-trace.ts";
import { normaliseLines } from "./hash.ts";
import { locateError, type Place } from "./locate.ts";
import type { CheckResult, ConsoleLine, Exported, LabJob, LabToPage, PageToLab } from "./protocol.ts";
import type { Ending, RunHandle, Sandbox } from "./sandbox/sandbox.ts";
import type { LabCode, LabSetup, TraceFile } from "./setup.ts";
import { SpendLedger, type Booking, type Spend, type SpendAnswer, type SpendQuestion } from "./spend.ts";
import { tracesOf } from "./traces.ts";

export type Activity = "idle" | "compiling" | "loading" | "running" | "checking";

export interface LabProblem {
  readonly text: string;
  readonly place?: Place;
  readonly length?: number;
  readonly frames?: readonly string[];
  /** What to press again once the cause is gone. */
  readonly retry?: "run" | "check";
}

export interface RunOutcome {
  readonly ending: Ending;
  readonly problems: readonly LabProblem[];
  readonly runs: readonly Run[];
  readonly exported: Exported;
  readonly measured: boolean;
  /** Remarks of the lab and of what was left out, for under the results. `notesOf` (run-notes.ts) has these and what the Runs say. */
  readonly notes: readonly string[];
  /** What the target's owner pays, where it was said. */
  readonly price?: TargetPrice;
  /** Seconds. */
  readonly took: number;
}

export interface CheckOutcome {
  readonly ending: Ending;
  readonly problems: readonly LabProblem[];
  readonly results: readonly CheckResult[];
  readonly passed: boolean;
}

export interface LabView {
  activity(now: Activity): void;
  /** A new run begins: what the last one showed goes. */
  started(): void;
  console(lines: readonly ConsoleLine[], dropped: number): void;
  chart(description: ChartDescription, origin: ChartOrigin): void;
  /** `what`: of what; requests where it is not said. */
  progress(done: number, of: number, what?: string): void;
  loading(what: string, fraction: number): void;
  ran(outcome: RunOutcome): void;
  checked(outcome: CheckOutcome): void;
  /** Asks before requests are sent: `text` is the question in words. false sends none; "run" also agrees to what the lab's budget allows in this run. */
  confirmSpend(question: SpendQuestion): Promise<SpendAnswer>;
}

export interface Measurer {
  measure(
    target: EndpointTarget,
    workload: Workload,
    options: {
      warmup: number;
      signal: AbortSignal;
      budget: { requests: number; tokens: number };
      onProgress(done: number, of: number): void;
      /** What of the engine in the tab is being loaded, and how far the whole is, 0 to 1. */
      onLoading(what: string, fraction: number): void;
    },
  ): Promise<Run>;
  openStream(
    target: EndpointTarget,
    request: { prompt: string; maxTokens: number },
    signal: AbortSignal,
  ): AsyncIterable<TimedBytes>;
}

export interface Services {
  readonly sandbox: Sandbox;
  readonly compiler: CompileClient;
  readonly measurer: Measurer;
  fetchCode(): Promise<LabCode>;
  /** A shipped trace's data. Absent: traces can't be had here. */
  fetchTrace?(name: string, file: TraceFile, options: TraceOptions): Promise<PackedTrace>;
}

/** Seeds that each press of Check draws. */
const checkSeeds = 2;
/** Seconds that code may take over a load that was stopped, before it is stopped itself. */
const afterLoad = 5;

export class LabSession {
  readonly #setup: LabSetup;
  readonly #view: LabView;
  readonly #services: Services;
  #activity: Activity = "idle";
  #handle: RunHandle | null = null;
  #abort = new AbortController();
  #lastMeasured: readonly Run[] = [];
  /** What the last run's streams brought, for checks: they send nothing of their own. */
  #lastStreams: TimedBytes[][] = [];
  #loading = false;
  #asking = false;
  #ledger: SpendLedger | null = null;
  /** What the last whole run of the same code and parameters sent: what this one will. */
  #lastSpend: { readonly of: string; readonly spend: Spend } | null = null;
  code: string;
  params: Readonly<Record<string, number | string>>;
  /** null: the simulated server. */
  target: EndpointTarget | null = null;
  /** What keeps the chosen endpoint from being measured, in words; code that meant to measure must not quietly simulate. */
  targetMissing: string | null = null;

  constructor(setup: LabSetup, view: LabView, services: Services) {
    this.#setup = setup;
    this.#view = view;
    this.#services = services;
    this.code = setup.starter;
    this.params = Object.fromEntries(Object.entries(setup.params).map(([name, param]) => [name, param.default]));
  }

  get busy(): boolean {
    return this.#activity !== "idle";
  }

  /** Compiles and runs the code as it is now. */
  async run(): Promise<void> {
    if (this.busy) return;
    this.#view.started();
    const compiled = await this.#compileForTarget();
    if ("problems" in compiled) {
      this.#become("idle");
      this.#view.ran({ ...nothingRan(compiled.problems), runs: [], notes: [], exported: {}, measured: false, took: 0 });
      return;
    }
    const runs: Run[] = [];
    const notes = new Set<string>();
    const problems: LabProblem[] = [];
    const traces = await this.#traces("run", compiled.code);
    if (!Array.isArray(traces)) {
      this.#become("idle");
      this.#view.ran({ ...traces, runs, notes: [], exported: {}, measured: false, took: 0 });
      return;
    }
    const began = performance.now();
    const measured = this.target !== null;
    const price = this.target?.price;
    this.#become("running");
    const ending = await this.#execute(
      { ...this.#job(compiled.code), mode: "run", measured, traces },
      {
        console: (message) => this.#view.console(message.lines, message.dropped),
        chart: (message) => this.#view.chart(message.description, message.origin),
        kept: (message) => runs.push(message.result),
        progress: (message) => this.#progress(message.done, message.of, message.what),
        note: (message) => notes.add(message.text),
        error: (message) => problems.push(problemOf(message, compiled)),
      },
    );
    if (measured && runs.length > 0) this.#lastMeasured = runs;
    this.#rememberSpend(ending);
    this.#become("idle");
    const exported = ending.kind === "done" ? ending.exported : {};
    const took = (performance.now() - began) / 1000;
    this.#view.ran({
      ending,
      problems,
      runs,
      notes: [...notes],
      exported,
      measured,
      took,
      ...(price === undefined ? {} : { price }),
    });
  }

  /** Grades the code as it is now, in fresh workers on fresh seeds. */
  async check(): Promise<void> {
    if (this.busy) return;
    const compiled = await this.#compileForTarget();
    if ("problems" in compiled) {
      this.#become("idle");
      this.#view.checked({ ...nothingRan(compiled.problems), results: [], passed: false });
      return;
    }
    const { checks } = await this.#services.fetchCode();
    const traces = await this.#traces("check", compiled.code, checks.code);
    if (!Array.isArray(traces)) {
      this.#become("idle");
      this.#view.checked({ ...traces, results: [], passed: false });
      return;
    }
    this.#become("checking");
    const worst = new Map<string, CheckResult>();
    const problems: LabProblem[] = [];
    let ending: Ending = { kind: "done", exported: {} };
    for (const seed of crypto.getRandomValues(new Uint32Array(checkSeeds))) {
      ending = await this.#execute(
        {
          ...this.#job(compiled.code),
          mode: "check",
          checks: checks.code,
          seed,
          measured: this.target !== null,
          traces,
          replay: this.#lastMeasured,
          replayStreams: this.#lastStreams,
        },
        {
          check: ({ result }) => {
            if (worst.get(result.name)?.outcome !== "failed") worst.set(result.name, result);
          },
          error: (message) => problems.push(problemOf(message, compiled)),
        },
      );
      if (ending.kind === "stopped" || problems.length > 0) break;
    }
    const results = this.#setup.checks.map((name) => worst.get(name) ?? unfinished(name, ending));
    this.#become("idle");
    this.#view.checked({
      ending,
      problems,
      results,
      passed:
        problems.length === 0 &&
        results.some(({ outcome }) => outcome === "passed") &&
        results.every(({ outcome }) => outcome !== "failed"),
    });
  }

  /**
   * What the prediction is compared with: the solution's answer, never that of the learner's code, under the same
   * parameters and on the same measured runs. null where it has none, as when no request succeeded.
   */
  async answer(): Promise<number | null> {
    const { prediction, limit } = this.#setup;
    if (prediction === undefined) return null;
    const { solution } = await this.#services.fetchCode();
    const measured = this.target !== null;
    const traces = await this.#traces(null, solution.code);
    if (!Array.isArray(traces)) return null;
    const job: LabJob = { ...this.#job(solution.code), mode: "run", measured, traces, replay: this.#lastMeasured };
    const handle = await this.#services.sandbox.start(job, {
      limit,
      onMessage: (message) => {
        // The learner has paid for one run; the solution reads it and sends nothing of its own.
        if (message.type !== "measure" && message.type !== "openStream") return;
        handle.send({ type: "refused", call: message.call, message: "the answer is read from the last run" });
      },
    });
    const ending = await handle.ended;
    const said = ending.kind === "done" ? ending.exported[prediction.answer] : undefined;
    return typeof said === "number" && Number.isFinite(said) ? said : null;
  }

  /** Ends what is under way; the next run starts clean. A load ends first, and the code gets what was measured; stopped again, the code ends too. */
  stop(): void {
    const handle = this.#handle;
    const loading = this.#loading && !this.#abort.signal.aborted;
    this.#abort.abort();
    if (!loading) handle?.stop();
    else setTimeout(() => handle?.stop(), afterLoad * 1000);
  }

  #become(activity: Activity): void {
    this.#activity = activity;
    this.#view.activity(activity);
  }

  #job(code: string): Omit<LabJob, "mode" | "measured"> {
    const { id, seed, server, parameters, limit } = this.#setup;
    return { lab: id, code, seed, params: this.params, parameters, limit, ...(server === undefined ? {} : { server }) };
  }

  /** The data of the traces that the lab declares or the code names; or why nothing can run. `retry`: what was pressed. */
  async #traces(
    retry: "run" | "check" | null,
    ...code: readonly string[]
  ): Promise<PackedTrace[] | Pick<RunOutcome, "ending" | "problems">> {
    const { urls, traces: declared = [] } = this.#setup;
    const { fetchTrace } = this.#services;
    const files = urls?.traces ?? {};
    const names = tracesOf(
      declared.map(({ name }) => name),
      code.join("\n"),
      Object.keys(files),
    );
    if (fetchTrace === undefined || names.length === 0) return [];
    if (retry !== null) this.#become("loading");
    const { signal } = (this.#abort = new AbortController());
    const loaded: PackedTrace[] = [];
    try {
      for (const name of names) {
        const onBytes = (done: number, of: number) =>
          this.#view.loading(`the trace ${name}, ${kilobytes(done)} of ${kilobytes(of)} kB`, done / of);
        const file = files[name];
        if (file !== undefined)
          loaded.push(await fetchTrace(name, file, { signal, ...(retry !== null && { onBytes }) }));
      }
      return loaded;
    } catch (error) {
      if (signal.aborted)
        return { ending: { kind: "stopped", by: "learner", message: "Stopped by you." }, problems: [] };
      const text = error instanceof Error ? error.message : String(error);
      return nothingRan([{ text, ...(retry !== null && { retry }) }]);
    }
  }

  /** One ledger a press of Run: budget and consent hold over all that it measures. null: there is nothing to measure. */
  #newLedger(signal: AbortSignal): SpendLedger | null {
    const { target } = this;
    if (target === null) return null;
    const known = this.#lastSpend?.of === this.#spendKey() ? this.#lastSpend.spend : this.#setup.sends;
    return new SpendLedger({
      budget: this.#setup.budget,
      target: target.label,
      signal,
      // The engine in the tab costs its owner nothing but time.
      ask: isTabTarget(target) ? null : (question) => this.#ask(question),
      ...(target.price !== undefined && { price: target.price }),
      ...(known !== undefined && { known }),
    });
  }

  /** While a question stands, nothing else is said in its place. */
  async #ask(question: SpendQuestion): Promise<SpendAnswer> {
    this.#asking = true;
    try {
      return await this.#view.confirmSpend(question);
    } finally {
      this.#asking = false;
    }
  }

  #progress(done: number, of: number, what?: string): void {
    if (!this.#asking) this.#view.progress(done, of, what);
  }

  #spendKey(): string {
    return JSON.stringify([this.code, this.params, this.target?.baseUrl, this.target?.model]);
  }

  #rememberSpend(ending: Ending): void {
    const spend = this.#ledger?.booked;
    if (ending.kind === "done" && spend !== undefined && spend.requests > 0)
      this.#lastSpend = { of: this.#spendKey(), spend };
  }

  /** The code as it would run, or why it does not compile. */
  async compiled(): Promise<Compiled | { readonly problems: readonly LabProblem[] }> {
    const compiled = await this.#compile();
    this.#become("idle");
    return compiled;
  }

  /** An endpoint that is not complete is neither run nor graded as if it were the simulated server. */
  async #compileForTarget(): Promise<Compiled | { readonly problems: readonly LabProblem[] }> {
    return this.targetMissing === null ? this.#compile() : { problems: [{ text: this.targetMissing }] };
  }

  /** Untouched starters and solutions are compiled already; the rest goes through esbuild. */
  async #compile(): Promise<Compiled | { readonly problems: readonly LabProblem[] }> {
    this.#become("compiling");
    try {
      const known = await this.#services.fetchCode();
      const code = normaliseLines(this.code);
      if (code === this.#setup.starter) return known.starter;
      if (code === known.solutionSource) return known.solution;
      const compilation = await this.#services.compiler.compile({ ...known.files, "main.ts": code });
      if (compilation.ok) return compilation.compiled;
      return {
        problems: compilation.problems.map(({ text, file, line, column, length }) => ({
          text,
          place: { file, line, column: column + 1 },
          length,
        })),
      };
    } catch (error) {
      return { problems: [{ text: error instanceof Error ? error.message : String(error) }] };
    }
  }

  async #execute(job: LabJob, on: Handlers): Promise<Ending> {
    const abort = (this.#abort = new AbortController());
    this.#ledger = job.mode === "run" ? this.#newLedger(abort.signal) : null;
    if (job.mode === "run") this.#lastStreams = [];
    try {
      const handle = await this.#services.sandbox.start(job, {
        limit: this.#setup.limit,
        onMessage: (message) => {
          if (message.type === "measure") void this.#measure(message, handle, abort.signal);
          else if (message.type === "openStream") {
            void this.#stream(message, handle, abort.signal);
          } else (on[message.type as keyof Handlers] as ((said: LabToPage) => void) | undefined)?.(message);
        },
      });
      this.#handle = handle;
      if (abort.signal.aborted) handle.stop();
      return await handle.ended;
    } catch (error) {
      return { kind: "stopped", by: "crash", message: error instanceof Error ? error.message : String(error) };
    } finally {
      abort.abort();
      this.#handle = null;
    }
  }

  /** One streamed answer, raw; the learner agrees to it as to a load. The lab's budget bounds how many are kept for checks. */
  async #stream(
    { call, request }: Extract<LabToPage, { type: "openStream" }>,
    handle: RunHandle,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { target } = this;
      if (target === null) throw new Error("no endpoint is chosen");
      await this.#book(streamBooking(request));
      const kept: TimedBytes[] = [];
      this.#lastStreams.push(kept);
      for await (const { t, bytes } of this.#services.measurer.openStream(target, request, signal)) {
        kept.push({ t, bytes });
        handle.send({ type: "bytes", call, t, bytes });
      }
      handle.send({ type: "streamEnd", call });
    } catch (error) {
      handle.send({ type: "refused", call, message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @throws Error when the lab's budget or the learner says no. */
  async #book(booking: Booking): Promise<void> {
    if (this.#ledger === null) throw new Error("no endpoint is chosen");
    await this.#ledger.book(booking);
  }

  /** The lab asks, the page decides: budget first, then the learner, then the load. */
  async #measure(
    { call, workload, options }: Extract<LabToPage, { type: "measure" }>,
    handle: RunHandle,
    signal: AbortSignal,
  ): Promise<void> {
    const answer = (message: Distribute<PageToLab>) => handle.send(message);
    try {
      const { target } = this;
      if (target === null) throw new Error("no endpoint is chosen");
      const warmup = options.warmup ?? DEFAULT_WARMUP;
      const booking = bookingOf(workload, warmup, this.#setup.budget);
      await this.#book(booking);
      this.#loading = true;
      const result = await this.#services.measurer.measure(target, workload, {
        warmup,
        signal,
        budget: { requests: booking.requests, tokens: booking.tokens },
        onProgress: (done, of) => {
          this.#progress(done, of);
          answer({ type: "measuring", call, done, of });
        },
        onLoading: (what, fraction) => this.#view.loading(what, fraction),
      });
      answer({ type: "measured", call, result });
    } catch (error) {
      answer({ type: "refused", call, message: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#loading = false;
    }
  }
}

type Distribute<T> = T extends unknown ? Omit<T, "v" | "run"> : never;
type Handlers = {
  readonly [Type in "console" | "chart" | "kept" | "progress" | "note" | "error" | "check"]?: (
    message: Extract<LabToPage, { type: Type }>,
  ) => void;
};

function problemOf({ error }: Extract<LabToPage, { type: "error" }>, compiled: Compiled): LabProblem {
  const { name, message, place, frames } = locateError(error, compiled.map);
  return {
    text: name === "Thrown" ? message : `${name}: ${message}`,
    frames,
    ...(place === undefined ? {} : { place }),
  };
}

function nothingRan(problems: readonly LabProblem[]): { ending: Ending; problems: readonly LabProblem[] } {
  return { ending: { kind: "done", exported: {} }, problems };
}

const kilobytes = (bytes: number): number => Math.round(bytes / 1000);

function unfinished(name: string, ending: Ending): CheckResult {
  const why =
    ending.kind === "stopped"
      ? `${ending.message} A check that does not finish has failed.`
      : "Your code ended before this check.";
  return { name, outcome: "failed", seed: 0, message: why };
}
