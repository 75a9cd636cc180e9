/**
 * One lab on a page: all its state as signals, and all that can be done with it. It knows no DOM. Panes read it and call it, never each other; what is
 * added to a lab (kept runs, sharing) stands on `finished` and the parts below.
 */
import { batch, computed, effect, signal } from "@preact/signals-core";
import type { EndpointTarget } from "../../endpoint/target.ts";
import { notesOf } from "../run-notes.ts";
import {
  LabSession,
  type Activity,
  type CheckOutcome,
  type LabView,
  type RunOutcome,
  type Services,
} from "../session.ts";
import { keepAttempt } from "../progress/attempts.ts";
import type { LabSetup } from "../setup.ts";
import type { SpendAnswer, SpendQuestion } from "../spend.ts";
import type { Storage } from "../storage.ts";
import { CheckState } from "./check-state.ts";
import { CodeState } from "./code-state.ts";
import type { FinishedRun } from "./finished-run.ts";
import { KeptRuns } from "./kept-runs.ts";
import { ParamState } from "./param-state.ts";
import { PredictionState } from "./prediction-state.ts";
import { ResultState } from "./result-state.ts";
import { SpendState } from "./spend-state.ts";
import { activityWords, checkedWords, kindOf, ranWords } from "./status-words.ts";

/** What a lab needs of its page. */
export interface LabParts extends Services {
  readonly storage: Storage;
}

const answerAsks = 3;
/** Seconds that code may take to be run again while a slider moves. */
const quick = 0.8;

export type ResultTab = "result" | "checks" | "runs";

export class LabStore implements LabView {
  readonly setup: LabSetup;
  /** The free workspace: there is nothing to pass, and no solution. */
  readonly free: boolean;
  readonly code: CodeState;
  readonly params: ParamState;
  readonly result = new ResultState();
  readonly checks: CheckState;
  readonly prediction: PredictionState | null;

  /** It can be used: everything it remembers is back. */
  readonly ready = signal(false);
  readonly now = signal<Activity>("idle");
  readonly busy = computed(() => this.now.value !== "idle");
  readonly canStop = computed(() => this.now.value !== "idle" && this.now.value !== "compiling");
  readonly tab = signal<ResultTab>("result");
  /** Run was pressed before there was a prediction. */
  readonly askToPredict = signal(false);
  readonly spend = new SpendState();
  readonly finished = signal<FinishedRun | null>(null);
  readonly runs: KeptRuns;
  readonly hintsShown = signal(0);
  /** Every check has passed on the learner's own code, now or in an earlier visit. */
  readonly passed = signal(false);
  /** What the lab teaches may be read: it was passed, or the solution was looked at. */
  readonly debrief = signal(false);
  readonly target = signal<EndpointTarget | null>(null);
  /** Moving a slider draws the result anew. */
  readonly live = computed(() => {
    const last = this.finished.value;
    return (
      last !== null &&
      this.target.value === null &&
      last.target === simulatedName &&
      last.outcome.problems.length === 0 &&
      last.outcome.ending.kind === "done" &&
      last.outcome.took <= quick &&
      last.code === this.code.text.value
    );
  });
  /** What is on screen is not what Run would show now. */
  readonly outdated = computed(() => {
    const last = this.finished.value;
    return last !== null && (this.params.moved.value || last.code !== this.code.text.value);
  });

  #parts: LabParts | null = null;
  #session: LabSession | null = null;
  #skippedPrediction = false;
  #runningLive = false;
  #runAgain = false;
  readonly #connected: Promise<void>;
  #connect: () => void = () => undefined;
  #stopWatching: (() => void)[] = [];

  constructor(setup: LabSetup) {
    this.setup = setup;
    this.free = setup.checks.length === 0;
    this.code = new CodeState(setup);
    this.params = new ParamState(setup.params);
    this.checks = new CheckState(setup.checks);
    this.runs = new KeptRuns(setup.id);
    this.prediction = setup.prediction ? new PredictionState(setup.id, setup.prediction, setup.language?.lang) : null;
    this.#connected = new Promise((resolve) => (this.#connect = resolve));
  }

  /** Gives the lab what it runs with, and brings back what it remembers. */
  async connect(parts: LabParts): Promise<void> {
    this.#parts = parts;
    this.#session = new LabSession(this.setup, this, parts);
    const { storage } = parts;
    await Promise.all([
      this.prediction?.restore(storage),
      this.code.restore(storage, this.setup),
      this.runs.restore(storage),
      storage.get("progress", this.#progressId).then((record) => {
        if (record?.state === "passed") this.passed.value = this.debrief.value = true;
      }),
    ]);
    this.#stopWatching = [
      storage.watch((problem) => this.code.say(problem ?? "There is room again, and all of your work is kept.")),
      effect(() => {
        void this.code.text.value;
        this.checks.forget();
      }),
      effect(() => {
        void this.params.values.value;
        this.#moved();
      }),
    ];
    this.ready.value = true;
    this.#connect();
  }

  dispose(): void {
    this.#session?.stop();
    for (const stop of this.#stopWatching) stop();
    this.code.dispose();
  }

  /** Runs the code as it is now; asks for the prediction first. */
  async run(): Promise<void> {
    await this.#connected;
    if (this.busy.peek()) return;
    const { prediction } = this;
    if (prediction !== null && prediction.locked.peek() === null && !this.#skippedPrediction) {
      if (prediction.empty) {
        this.askToPredict.value = true;
        return;
      }
      if (!prediction.lock()) return;
    }
    this.tab.value = "result";
    await this.#run(false);
  }

  /** Runs without a prediction; it can still be made, and is asked for again on the next visit. */
  async runUnpredicted(): Promise<void> {
    this.#skippedPrediction = true;
    this.askToPredict.value = false;
    await this.run();
  }

  async check(): Promise<void> {
    await this.#connected;
    if (this.busy.peek()) return;
    await this.#take((session) => session.check());
  }

  stop(): void {
    this.#session?.stop();
  }

  /** The learner's code as it would run. Throws Error that says why it does not compile, and marks the place. */
  async compiled(): Promise<string> {
    await this.#connected;
    const session = this.#session;
    if (session === null) throw new Error("This lab is not ready yet.");
    session.code = this.code.mine.peek();
    const compiled = await session.compiled();
    if (!("problems" in compiled)) return compiled.code;
    this.#showProblems(compiled.problems);
    const [first] = compiled.problems;
    throw new Error(
      `The code does not compile yet${first?.place ? ` (line ${first.place.line})` : ""}: ${first?.text ?? ""}`,
    );
  }

  /** The solution beside the learner's code; Run and Check act on it while it is shown. */
  async showSolution(): Promise<void> {
    await this.#connected;
    if (this.busy.peek() || this.#parts === null) return;
    const { solutionSource } = await this.#parts.fetchCode();
    batch(() => {
      this.code.compare({ kind: "solution", title: "The solution", text: solutionSource });
      this.debrief.value = true;
    });
  }

  showHint(): void {
    this.hintsShown.value = Math.min(this.hintsShown.peek() + 1, this.setup.text.hints.length);
  }

  /** Where it runs: null is the simulated server; `missing` says what keeps the chosen endpoint from being measured. */
  setTarget(target: EndpointTarget | null, missing: string | null): void {
    this.target.value = target;
    void this.#connected.then(() => {
      if (this.#session === null) return;
      this.#session.target = target;
      this.#session.targetMissing = missing;
    });
  }

  /** A slider moved: the last position is drawn, and no more than one run is ever under way. */
  #moved(): void {
    if (!this.params.moved.peek()) return;
    if (this.busy.peek()) this.#runAgain = true;
    else if (this.live.peek()) void this.#run(true);
  }

  async #run(live: boolean): Promise<void> {
    this.#runningLive = live;
    const params = this.params.values.peek();
    await this.#take(async (session) => {
      session.params = params;
      await session.run();
    });
    this.#runningLive = false;
    if (!this.#runAgain) return;
    this.#runAgain = false;
    this.#moved();
  }

  async #take(act: (session: LabSession) => Promise<void>): Promise<void> {
    const session = this.#session;
    if (session === null) return;
    session.code = this.code.text.peek();
    await act(session);
  }

  get #progressId(): string {
    return `lab:${this.setup.id}`;
  }

  // What follows is the session speaking.

  activity(now: Activity): void {
    batch(() => {
      this.now.value = now;
      if (now !== "idle" && !this.#runningLive) this.result.status.value = activityWords[now];
    });
  }

  started(): void {
    this.result.begin();
    this.code.marks.value = [];
  }

  console(...said: Parameters<LabView["console"]>): void {
    this.result.print(...said);
  }

  chart(...drawn: Parameters<LabView["chart"]>): void {
    this.result.chart(...drawn);
  }

  progress(done: number, of: number, what?: string): void {
    batch(() => {
      this.result.progress.value = { done, of };
      this.result.status.value =
        what === undefined
          ? `Running… ${done} of ${of} requests done.`
          : `Running… ${what}: ${Math.round((100 * done) / of)} %.`;
    });
  }

  loading(what: string, fraction: number): void {
    batch(() => {
      this.result.progress.value = { done: fraction, of: 1 };
      this.result.status.value = `Loading ${what}…`;
    });
  }

  ran(outcome: RunOutcome): void {
    const session = this.#session;
    if (session === null) return;
    const live = this.#runningLive;
    const well = outcome.ending.kind === "done" && outcome.problems.length === 0;
    batch(() => {
      this.result.end(well);
      this.#showProblems(outcome.problems);
      const drawn = this.result.charts.peek().filter(({ fresh }) => fresh);
      const kind = kindOf(
        outcome,
        drawn.map(({ origin }) => origin),
      );
      if (!live || !well) this.result.status.value = ranWords(outcome, kind, this.code.typeErrors.peek().length);
      this.result.notes.value = notesOf(outcome);
      if (well) this.params.drawnWith.value = session.params;
      this.finished.value = {
        date: new Date().toISOString(),
        outcome,
        code: session.code,
        ofSolution: this.code.comparison.peek()?.kind === "solution",
        params: session.params,
        seed: this.setup.seed,
        target: session.target?.label ?? simulatedName,
        charts: drawn,
        live,
      };
    });
    if (well && !live) void this.#afterRun(outcome, this.code.comparison.peek()?.kind === "solution");
  }

  checked(outcome: CheckOutcome): void {
    const ofSolution = this.code.comparison.peek()?.kind === "solution";
    batch(() => {
      this.#showProblems(outcome.problems);
      this.result.status.value = `${ofSolution ? "The solution: " : ""}${checkedWords(outcome)}`;
      this.checks.show(outcome.results);
      if (outcome.results.length > 0) this.tab.value = "checks";
      if (outcome.passed && !ofSolution) this.passed.value = this.debrief.value = true;
    });
    const storage = this.#parts?.storage;
    const well = outcome.ending.kind === "done" && outcome.problems.length === 0;
    if (storage !== undefined && !ofSolution && well && outcome.results.length > 0)
      void keepAttempt(storage, this.setup.id, outcome.results);
    if (outcome.passed && !ofSolution) void this.#keepPassed(outcome.results.flatMap(({ points }) => points ?? []));
  }

  /** What the checks awarded is kept with it; of several times, the best. */
  async #keepPassed(awarded: readonly number[]): Promise<void> {
    const storage = this.#parts?.storage;
    if (storage === undefined) return;
    const before = (await storage.get("progress", this.#progressId))?.detail;
    const best = Math.max(...awarded, ...(typeof before === "number" ? [before] : []));
    await storage.put("progress", {
      id: this.#progressId,
      state: "passed",
      date: new Date().toISOString(),
      ...(Number.isFinite(best) ? { detail: best } : {}),
    });
  }

  confirmSpend(question: SpendQuestion): Promise<SpendAnswer> {
    return this.spend.ask(question, (agreed) => {
      this.result.status.value = agreed === false ? "Nothing more was sent." : "Measuring…";
    });
  }

  async #afterRun(outcome: RunOutcome, ofSolution: boolean): Promise<void> {
    const parts = this.#parts;
    const { prediction } = this;
    if (parts === null) return;
    if (prediction !== null && !ofSolution) void this.#judge(prediction);
    const run = this.finished.peek();
    if (run?.outcome === outcome) await this.runs.keep(run);
  }

  /** The solution's run can be lost with the frame it runs in, as when the learner's own worker is slow to end: so it is asked more than once. */
  async #judge(prediction: PredictionState): Promise<void> {
    for (let asked = 0; asked < answerAsks; asked++) {
      const truth = (await this.#session?.answer().catch(() => null)) ?? null;
      prediction.judge(truth);
      if (truth !== null) return;
    }
  }

  #showProblems(problems: RunOutcome["problems"]): void {
    this.result.problems.value = problems;
    this.code.marks.value = problems.flatMap(({ place, text, length }) =>
      place?.file === "main.ts" ? [{ line: place.line, column: place.column, length: length ?? 1, message: text }] : [],
    );
  }
}

const simulatedName = "simulated server";
