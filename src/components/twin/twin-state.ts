/** The twin page's state: the sweep, the server, the fit, the load that is asked about, and all of it in the address. */
import { batch, computed, signal } from "@preact/signals";
import type { Load } from "../../engine/calibrate/types.ts";
import type { Server } from "../../engine/server.ts";
import { packedOrNull, readHash, unpacked, writeHash } from "../tools/hash-state.ts";
import { ToolProblem, WorkerJob, WorkerLost, WorkerStopped } from "../tools/worker-job.ts";
import { examples } from "./examples.ts";
import { curveLoads, readLoad, type LoadChoice } from "./load-choice.ts";
import { loadOf } from "./pictures.ts";
import type { Answer, Fitted, Foretold, Question } from "./question.ts";
import { reachOf } from "./reach.ts";
import { readSweep } from "./read-sweep.ts";
import { readRows, rowFields, textOf, type SweepRow } from "./rows.ts";
import { ChoiceProblem, serverFields, serverOf, usualServer, type ServerChoice } from "./server-choice.ts";

/** As `calibrate` asks for. */
export const fewestPoints = 5;

export interface Problem {
  readonly field: string;
  readonly text: string;
}

/** What was fitted, with what it was fitted to: the form may have moved on. */
export interface FitOf {
  readonly fitted: Fitted;
  readonly server: Server;
  readonly read: ReturnType<typeof readRows>;
}

const usualLoad: LoadChoice = { kind: "users", load: "", prompt: "", output: "" };

export class TwinState {
  readonly rows = signal<readonly SweepRow[]>([]);
  readonly server = signal<ServerChoice>(usualServer);
  readonly load = signal<LoadChoice>(usualLoad);
  readonly fit = signal<FitOf | null>(null);
  /** The table or the server was changed after the fit. */
  readonly stale = signal(false);
  readonly curve = signal<readonly Foretold[]>([]);
  readonly foretold = signal<Foretold | null>(null);
  /** 0–1 while something is fitted; null while nothing is. */
  readonly progress = signal<number | null>(null);
  readonly problem = signal<Problem | null>(null);
  readonly notes = signal<readonly string[]>([]);
  readonly linkLacks = signal<string | null>(null);
  readonly read = computed(() => readRows(this.rows.value));
  readonly readLoad = computed(() => readLoad(this.load.value));
  #example: string | null = null;
  readonly #job = new WorkerJob<Question, Answer>(
    () => new Worker(new URL("./twin-worker.ts", import.meta.url), { type: "module", name: "twin" }),
  );
  #asked = 0;
  #fits = 0;
  #restored = 0;

  /** What the address holds, in place of what was here; a fit that it speaks of is made again. */
  async restore(): Promise<void> {
    const restored = ++this.#restored;
    const hash = readHash();
    this.#end();
    this.#example = null;
    batch(() => {
      this.rows.value = [];
      this.server.value = usualServer;
      this.load.value = usualLoad;
      this.stale.value = false;
      this.notes.value = [];
      this.problem.value = null;
      this.linkLacks.value = null;
    });
    const example = examples.find(({ id }) => id === hash.get("example"));
    if (example) {
      this.#take(example.id);
    } else {
      this.server.value = Object.fromEntries(
        serverFields.map((field) => [field, hash.get(field) ?? usualServer[field]]),
      ) as unknown as ServerChoice;
      const packed = hash.get("points");
      if (packed === null) return;
      try {
        const rows = rowsFrom(JSON.parse(await unpacked(packed)));
        if (restored !== this.#restored) return;
        this.rows.value = rows;
      } catch {
        if (restored !== this.#restored) return;
        this.problem.value = {
          field: "",
          text: "This link is damaged: a part of it is missing. Ask for it again, or for the file",
        };
        return;
      }
    }
    const kind = hash.get("kind") === "rate" ? "rate" : "users";
    const at = hash.get("at");
    if (at !== null) this.load.value = { kind, load: at, prompt: hash.get("in") ?? "", output: hash.get("out") ?? "" };
    if (hash.get("fit") === "1") await this.fitNow();
  }

  async example(id: string): Promise<void> {
    this.#take(id);
    await this.fitNow();
  }

  #take(id: string): void {
    const { rows, server, load } = examples.find((example) => example.id === id)!;
    batch(() => {
      this.rows.value = rows;
      this.server.value = { ...usualServer, ...server };
      this.load.value = load;
      this.stale.value = this.fit.peek() !== null;
      this.notes.value = [];
      this.problem.value = null;
    });
    this.#example = id;
  }

  /** Adds the points of a text; a problem is said and changes nothing. */
  add(name: string, text: string): void {
    try {
      const { rows, notes } = readSweep(name, text);
      this.addRows(rows, notes);
    } catch (error) {
      this.problem.value = { field: "data", text: error instanceof Error ? error.message : String(error) };
    }
  }

  addRows(rows: readonly SweepRow[], notes: readonly string[] = []): void {
    batch(() => {
      this.problem.value = null;
      this.notes.value = [...this.notes.peek(), ...notes];
    });
    this.change({ rows: [...this.rows.peek(), ...rows] });
  }

  change({ rows, server }: { rows?: readonly SweepRow[]; server?: Partial<ServerChoice> }): void {
    this.#example = null;
    batch(() => {
      if (rows) this.rows.value = rows;
      if (server) this.server.value = { ...this.server.peek(), ...server };
      if (this.problem.peek()?.field !== "data") this.problem.value = null;
      this.stale.value = this.fit.peek() !== null;
    });
    void this.#remember();
  }

  clear(): void {
    this.#end();
    batch(() => {
      this.notes.value = [];
      this.problem.value = null;
    });
    this.change({ rows: [] });
  }

  ask(load: Partial<LoadChoice>): void {
    this.load.value = { ...this.load.peek(), ...load };
    void this.#foretell();
  }

  /** Fits a twin to the table. Stop ends it; what was typed stays. */
  async fitNow(): Promise<void> {
    const read = this.read.peek();
    const about = problemOf(read);
    if (about) return void (this.problem.value = about);
    const choice = this.server.peek();
    let server: Server;
    try {
      server = serverOf(choice);
    } catch (error) {
      const field = error instanceof ChoiceProblem ? error.field : "";
      return void (this.problem.value = { field, text: error instanceof Error ? error.message : String(error) });
    }
    const fits = ++this.#fits;
    this.problem.value = null;
    this.progress.value = 0;
    const answer = await this.#question({ kind: "fit", server, observations: read.observations }, (share) => {
      if (fits === this.#fits) this.progress.value = share;
    });
    if (fits !== this.#fits) return;
    this.progress.value = null;
    if (!answer || !("fitted" in answer)) return;
    batch(() => {
      this.fit.value = { fitted: answer.fitted, server, read };
      // The table or the server may have been changed meanwhile.
      this.stale.value = this.read.peek() !== read || this.server.peek() !== choice;
      if (this.load.peek().load === "") this.load.value = usualAsk(read);
    });
    await this.#foretell();
  }

  /** At the reader's wish. */
  stop(): void {
    this.#end();
    this.problem.value = { field: "", text: "Stopped. Nothing of the table is lost: press Fit to begin again" };
  }

  /** Nothing is fitted any more, nor being fitted. */
  #end(): void {
    this.#fits++;
    this.#asked++;
    this.#job.stop();
    this.#forget();
  }

  #forget(): void {
    batch(() => {
      this.progress.value = null;
      this.fit.value = null;
      this.foretold.value = null;
      this.curve.value = [];
    });
  }

  /** The load that is asked about, and the curve through its lengths. */
  async #foretell(): Promise<void> {
    const asked = ++this.#asked;
    const read = this.readLoad.peek();
    const fit = this.fit.peek();
    void this.#remember();
    if (fit === null || !("load" in read)) return void (this.foretold.value = null);
    const { load } = read;
    const answer = await this.#question({ kind: "predict", loads: [load, ...this.#curveOf(load, fit)] });
    if (asked !== this.#asked || !answer || !("foretold" in answer)) return;
    batch(() => {
      this.foretold.value = answer.foretold[0] ?? null;
      this.curve.value = answer.foretold.slice(1);
    });
  }

  #curveOf(load: Load, { read }: FitOf): Load[] {
    const reach = reachOf(read.observations, load.rate === undefined ? "users" : "rate");
    const at = loadOf(load);
    return curveLoads(load, Math.min(at, reach?.load.low ?? at), Math.max(4 * (reach?.load.high ?? at), 1.25 * at));
  }

  /** null where it was stopped, or where the problem is said. */
  async #question(question: Question, progress?: (share: number) => void): Promise<Answer | null> {
    try {
      return await this.#job.ask(question, progress);
    } catch (error) {
      if (error instanceof WorkerStopped) return null;
      if (error instanceof WorkerLost) {
        this.#forget();
        this.problem.value = {
          field: "",
          text: `${error.message}. Nothing of the table is lost: press Fit to begin again`,
        };
        return null;
      }
      const field = error instanceof ToolProblem ? error.field : "";
      this.problem.value = { field, text: error instanceof Error ? error.message : String(error) };
      return null;
    }
  }

  async #remember(): Promise<void> {
    const hash = new URLSearchParams();
    const rows = this.rows.peek();
    if (this.#example !== null) hash.set("example", this.#example);
    else {
      for (const field of serverFields)
        if (this.server.peek()[field] !== usualServer[field]) hash.set(field, this.server.peek()[field]);
      if (rows.length > 0) {
        const packed = await packedOrNull(JSON.stringify(rows));
        if (packed !== null) hash.set("points", packed);
        this.linkLacks.value = packed === null ? "The points are not in it: send the file along." : null;
      }
    }
    if (rows !== this.rows.peek()) return;
    const { kind, load, prompt, output } = this.load.peek();
    if (load !== "") {
      if (kind === "rate") hash.set("kind", kind);
      hash.set("at", load);
      hash.set("in", prompt);
      hash.set("out", output);
    }
    if (this.fit.peek() !== null && !this.stale.peek()) hash.set("fit", "1");
    writeHash(hash);
  }
}

function problemOf(read: ReturnType<typeof readRows>): Problem | null {
  if (read.problems.length > 0)
    return {
      field: "rows",
      text: `${read.problems.length === 1 ? "One cell" : `${read.problems.length} cells`} of the table can’t be read: ${read.problems.length === 1 ? "it is" : "they are"} marked`,
    };
  const n = read.observations.length;
  if (n < fewestPoints)
    return {
      field: "rows",
      text: `A fit takes at least ${fewestPoints} points; the table has ${n}. Measure more loads, from one user to more than you expect`,
    };
  return null;
}

/** Twice the highest load that was measured: what a sweep is usually for. */
function usualAsk({ observations }: ReturnType<typeof readRows>): LoadChoice {
  const [most] = [...observations].sort((a, b) => loadOf(b.load) - loadOf(a.load));
  if (!most) return usualLoad;
  const { load } = most;
  return {
    kind: load.rate === undefined ? "users" : "rate",
    load: textOf(2 * loadOf(load)),
    prompt: textOf(load.prompt),
    output: textOf(load.output),
  };
}

/** Rows of a link, which anybody may have written. Throws where they are none. */
function rowsFrom(value: unknown): SweepRow[] {
  if (!Array.isArray(value)) throw new TypeError("no rows");
  return value.slice(0, 500).map((row: unknown): SweepRow => {
    const given = row as Partial<Record<string, unknown>>;
    const text = (name: string): string => (typeof given[name] === "string" ? given[name].slice(0, 200) : "");
    const cells = Object.fromEntries(rowFields.map((field) => [field, text(field)])) as Record<
      (typeof rowFields)[number],
      string
    >;
    const cached = given["cached"];
    return {
      ...cells,
      kind: given["kind"] === "rate" ? "rate" : "users",
      from: text("from"),
      ...(typeof cached === "number" && cached > 0 && { cached }),
      ...(given["simulated"] === true && { simulated: true as const }),
    };
  });
}
