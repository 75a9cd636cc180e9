/** The playground's state: where the knobs stand, what was simulated, what is held beside it, and all of it in the address. */
import { batch, computed, signal } from "@preact/signals";
import { InputError } from "../../engine/errors.ts";
import { resolveServer } from "../../engine/resolve.ts";
import type { SchedulerOptions } from "../../engine/server.ts";
import { unpackTrace } from "../../engine/workload/traces/decode.ts";
import type { RequestTable } from "../../engine/workload/request-table.ts";
import { fetchTrace } from "../../lab/fetch-trace.ts";
import type { TraceFile } from "../../lab/setup.ts";
import type { MovingFigure } from "../figures/moving.ts";
import { packedOrNull, readHash, unpacked, writeHash } from "../tools/hash-state.ts";
import { ToolProblem, WorkerJob, WorkerLost, WorkerStopped } from "../tools/worker-job.ts";
import { configure, knobAtFault, type Setup } from "./configure.ts";
import { examples } from "./examples.ts";
import { fromHash, toHash } from "./hash.ts";
import { ownTrace, replayed, tidied, type Values } from "./knobs.ts";
import type { OwnTrace } from "./own-trace.ts";
import type { Picture, View } from "./picture.ts";
import type { Answer, Question } from "./question.ts";
import { quickEstimate, type QuickEstimate } from "./quick-estimate.ts";
import type { Sweep } from "./sweep.ts";

export interface Held {
  readonly values: Values;
  /** null until it is simulated again, after a link was opened. */
  readonly picture: Picture | null;
}

export interface Shown extends Held {
  readonly picture: Picture;
}

/** The current one and three held. */
export const mostHeld = 3;

export interface Problem {
  /** The knob it stands beside; null where it is about several, or about the trace. */
  readonly knob: string | null;
  readonly about: "simulation" | "trace";
  readonly text: string;
}

export type Task = "all" | "sweep" | "steps" | "trace" | "fetch";

/** A whole run, and the address, wait until the knobs have stood still for so long. Milliseconds. */
const rest = 300;

export class PlaygroundState {
  readonly values = signal<Values>({});
  readonly view = signal<View>({ from: 0, at: null });
  readonly own = signal<OwnTrace | null>(null);
  /** A picture with the knobs that it is of: they may have moved on. */
  readonly shown = signal<Shown | null>(null);
  readonly picture = computed(() => this.shown.value?.picture ?? null);
  readonly held = signal<readonly Held[]>([]);
  readonly problem = signal<Problem | null>(null);
  /** What takes long, and how far it is, 0–1. */
  readonly task = signal<{ readonly what: Task; readonly share: number } | null>(null);
  /** The reader stopped it. */
  readonly stopped = signal<Task | null>(null);
  readonly sweep = signal<{ readonly of: Setup; readonly sweep: Sweep } | null>(null);
  readonly figure = signal<{ readonly of: Setup; readonly figure: MovingFigure } | null>(null);
  readonly linkLacks = signal<string | null>(null);
  /** Simulations shown since the page was opened: what a benchmark counts. */
  readonly frames = signal(0);

  readonly setup = computed((): Setup | null => {
    try {
      return configure(this.values.value);
    } catch {
      return null;
    }
  });
  readonly table = computed((): RequestTable | undefined => {
    const trace = replayed(this.values.value);
    if (trace === ownTrace) return this.own.value?.table;
    return trace === null ? undefined : this.#fetched.value.get(trace);
  });
  /** The scheduler's options with vLLM's defaults filled in; null where the server can't be. */
  readonly usual = computed((): Readonly<SchedulerOptions> | null => {
    try {
      return this.setup.value && resolveServer(this.setup.value.server).scheduler;
    } catch {
      return null;
    }
  });
  /** What the formulas say at once; null where they have nothing to say. */
  readonly estimate = computed((): QuickEstimate | null => {
    try {
      return this.setup.value && quickEstimate(this.setup.value, this.table.value);
    } catch {
      return null;
    }
  });

  readonly #traces: Readonly<Record<string, TraceFile>>;
  readonly #fetched = signal<ReadonlyMap<string, RequestTable>>(new Map());
  readonly #moving = newWorker();
  readonly #slow = newWorker();
  /** The trace that each worker has. */
  readonly #holds = new Map<WorkerJob<Question, Answer>, RequestTable>();
  #asking = false;
  #again = false;
  #resting = 0;
  #restored = 0;
  /** As given, for the address; null where it is too long for one. */
  #ownText: string | null = null;

  /** `traces`: where the shipped traces lie. */
  constructor(traces: Readonly<Record<string, TraceFile>>) {
    this.#traces = traces;
  }

  /** What the address holds. */
  async restore(): Promise<void> {
    const restored = ++this.#restored;
    const { values, view, held, trace, traceName } = fromHash(readHash());
    batch(() => {
      this.values.value = values;
      this.view.value = view;
      this.held.value = held.map((own) => ({ values: own, picture: null }));
      this.problem.value = null;
    });
    if (trace !== null) {
      try {
        const text = await unpacked(trace);
        if (restored === this.#restored) await this.giveTrace(traceName, text);
      } catch {
        this.#say({
          knob: null,
          about: "trace",
          text: "The trace in this link is damaged. Ask for it again, or for the file",
        });
      }
    }
    await this.#simulateHeld();
    if (restored === this.#restored) this.#changed();
  }

  set(id: string, value: string): void {
    this.#stopSlow();
    batch(() => {
      this.values.value = tidied(Object.entries({ ...this.values.peek(), [id]: value }));
      this.stopped.value = null;
    });
    this.#changed();
  }

  look(view: Partial<View>): void {
    this.view.value = { ...this.view.peek(), ...view };
    this.#changed();
  }

  defaults(): void {
    this.#stopSlow();
    batch(() => {
      this.values.value = {};
      this.view.value = { from: 0, at: null };
    });
    this.#changed();
  }

  async example(id: string): Promise<void> {
    const example = examples.find((each) => each.id === id)!;
    this.#stopSlow();
    batch(() => {
      this.values.value = example.values;
      this.view.value = { from: 0, at: null };
      this.held.value = example.held.map((values) => ({ values, picture: null }));
    });
    await this.#simulateHeld();
    this.#changed();
  }

  /** Keeps what is shown beside what comes next. */
  hold(): void {
    const shown = this.shown.peek();
    if (shown === null || this.held.peek().length >= mostHeld) return;
    this.held.value = [...this.held.peek(), shown];
    this.#remember();
  }

  drop(index: number): void {
    this.held.value = this.held.peek().filter((_, i) => i !== index);
    this.#remember();
  }

  /** The knobs go where they stood when it was held. */
  take(index: number): void {
    const held = this.held.peek()[index];
    if (held === undefined) return;
    this.#stopSlow();
    this.values.value = held.values;
    this.#changed();
  }

  /** Reads a trace and replays it. */
  async giveTrace(name: string, source: Blob | string): Promise<void> {
    const text = typeof source === "string" ? source : source.size <= 4_000_000 ? await source.text() : null;
    const answer = await this.#work("trace", { kind: "read", name, source: text ?? source });
    if (answer?.kind !== "read") return;
    this.#ownText = text;
    batch(() => {
      this.own.value = answer.trace;
      this.values.value = tidied([
        ...Object.entries(this.values.peek()),
        ["arrivals", ownTrace],
        // All of it, whatever stood there.
        ["requests", String(answer.trace.table.count)],
      ]);
    });
    this.#changed();
  }

  forgetTrace(): void {
    this.#ownText = null;
    batch(() => {
      this.own.value = null;
      this.problem.value = null;
      if (replayed(this.values.peek()) === ownTrace)
        this.values.value = tidied(Object.entries({ ...this.values.peek(), arrivals: "poisson" }));
    });
    this.#changed();
  }

  async sweepLoad(): Promise<void> {
    const setup = this.setup.peek();
    if (setup === null) return;
    const answer = await this.#work("sweep", { kind: "sweep", setup });
    if (answer?.kind === "sweep") this.sweep.value = { of: setup, sweep: answer.sweep };
  }

  async watchSteps(): Promise<void> {
    const setup = this.setup.peek();
    if (setup === null) return;
    const answer = await this.#work("steps", { kind: "steps", setup });
    if (answer?.kind === "steps") this.figure.value = { of: setup, figure: answer.figure };
  }

  /** All requests, where a part is shown. */
  async simulateAll(): Promise<void> {
    const setup = this.setup.peek();
    if (setup === null) return;
    const answer = await this.#work("all", { kind: "picture", setup, view: this.view.peek(), moving: false });
    if (answer?.kind === "picture" && this.setup.peek() === setup) this.#show(this.values.peek(), answer.picture);
  }

  stop(): void {
    const task = this.task.peek();
    this.#stopSlow();
    if (task) this.stopped.value = task.what;
  }

  /** Stops both workers. */
  dispose(): void {
    clearTimeout(this.#resting);
    this.#moving.stop();
    this.#slow.stop();
  }

  #changed(): void {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#settle(), rest) as unknown as number;
    void this.#ask();
  }

  /** The last position is simulated; no more than one simulation is ever under way, and what came in between is passed over. */
  async #ask(): Promise<void> {
    this.#again = this.#asking;
    if (this.#asking) return;
    this.#asking = true;
    try {
      const values = this.values.peek();
      const setup = configure(values);
      if (!(await this.#ready(setup))) return;
      const question = { kind: "picture", setup, view: this.view.peek(), moving: true } as const;
      const answer = await this.#askWith(this.#moving, question, this.#tableOf(values));
      if (answer.kind !== "picture") return;
      this.#show(values, answer.picture);
      this.problem.value = null;
    } catch (error) {
      this.#fail(error, "simulation");
    } finally {
      this.#asking = false;
      if (this.#again) requestAnimationFrame(() => void this.#ask());
    }
  }

  #show(values: Values, picture: Picture): void {
    batch(() => {
      this.shown.value = { values, picture };
      this.frames.value++;
    });
  }

  /** Whether what it replays is here; fetches a shipped trace. */
  async #ready(setup: Setup): Promise<boolean> {
    if (setup.load.kind === "drawn") return true;
    const { trace } = setup.load;
    if (trace === ownTrace) return this.own.peek() !== null;
    if (this.#fetched.peek().has(trace)) return true;
    const file = this.#traces[trace];
    if (file === undefined) return false;
    try {
      const packed = await fetchTrace(trace, file, {
        onBytes: (done, of) => (this.task.value = { what: "fetch", share: done / of }),
      });
      this.#fetched.value = new Map([...this.#fetched.peek(), [trace, unpackTrace(packed)]]);
    } finally {
      this.task.value = null;
    }
    return true;
  }

  #settle(): void {
    this.#remember();
    const picture = this.picture.peek();
    if (this.#asking) {
      this.#resting = setTimeout(() => this.#settle(), rest) as unknown as number;
      return;
    }
    if (
      picture !== null &&
      this.problem.peek() === null &&
      picture.simulated < picture.wanted &&
      picture.ended === undefined &&
      this.stopped.peek() !== "all"
    )
      void this.simulateAll();
  }

  async #simulateHeld(): Promise<void> {
    for (const held of this.held.peek()) {
      if (held.picture !== null) continue;
      try {
        const setup = configure(held.values);
        if (!(await this.#ready(setup))) continue;
        const table = this.#tableOf(held.values);
        const question = { kind: "picture", setup, view: this.view.peek(), moving: true } as const;
        const answer = await this.#askWith(this.#moving, question, table);
        if (answer.kind === "picture")
          this.held.value = this.held
            .peek()
            .map((each) => (each === held ? { ...held, picture: answer.picture } : each));
      } catch (error) {
        this.#fail(error, "simulation");
      }
    }
  }

  #tableOf(values: Values): RequestTable | undefined {
    const trace = replayed(values);
    return trace === ownTrace ? this.own.peek()?.table : trace === null ? undefined : this.#fetched.peek().get(trace);
  }

  async #askWith(
    job: WorkerJob<Question, Answer>,
    question: Question,
    table = this.#tableOf(this.values.peek()),
    progress?: (share: number) => void,
  ): Promise<Answer> {
    if (table !== undefined && this.#holds.get(job) !== table) {
      this.#holds.set(job, table);
      await job.ask({ kind: "hold", table });
    }
    return job.ask(question, progress);
  }

  /** One long thing at a time; null where it was stopped, or where the problem is said. */
  async #work(what: Task, question: Question): Promise<Answer | null> {
    this.#stopSlow();
    const task = { what, share: 0 };
    batch(() => {
      this.task.value = task;
      this.stopped.value = null;
      if (what === "trace") this.problem.value = null;
    });
    let now: typeof task = task;
    try {
      return await this.#askWith(this.#slow, question, undefined, (share) => {
        if (this.task.peek() === now) this.task.value = now = { what, share };
      });
    } catch (error) {
      this.#fail(error, what === "trace" ? "trace" : "simulation");
      return null;
    } finally {
      if (this.task.peek() === now) this.task.value = null;
    }
  }

  #stopSlow(): void {
    if (this.task.peek() === null || this.task.peek()?.what === "fetch") return;
    this.task.value = null;
    this.#holds.delete(this.#slow);
    this.#slow.stop();
  }

  #fail(error: unknown, about: Problem["about"]): void {
    if (error instanceof WorkerStopped) return;
    if (error instanceof WorkerLost) this.#holds.clear();
    const field = error instanceof ToolProblem || error instanceof InputError ? error.field : "";
    const text = error instanceof Error ? error.message : String(error);
    this.#say({ knob: about === "trace" ? null : knobAtFault(field), about, text });
  }

  #say(problem: Problem): void {
    this.problem.value = problem;
  }

  #remember(): void {
    const [values, view, held] = [this.values.peek(), this.view.peek(), this.held.peek()];
    const needed = [values, ...held.map((each) => each.values)].some((each) => replayed(each) === ownTrace);
    const own = needed ? this.own.peek() : null;
    void (async () => {
      const packed = own === null || this.#ownText === null ? null : await packedOrNull(this.#ownText);
      if (values !== this.values.peek() || held !== this.held.peek()) return;
      writeHash(
        toHash({ values, view, held: held.map((each) => each.values), trace: packed, traceName: own?.name ?? "" }),
      );
      this.linkLacks.value =
        own !== null && packed === null ? `The trace ${own.name} is not in it: send the file along.` : null;
    })();
  }
}

function newWorker(): WorkerJob<Question, Answer> {
  return new WorkerJob(
    () => new Worker(new URL("./simulator-worker.ts", import.meta.url), { type: "module", name: "simulator" }),
  );
}
