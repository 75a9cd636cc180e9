/** The analyser's state: what was given, what is chosen, what came out, and all of it in the address. */
import { batch, signal } from "@preact/signals";
import type { Analysis } from "../../../engine/percentiles/analyse.ts";
import { examples } from "../../../engine/percentiles/examples.ts";
import { defaults, type Settings } from "../../../engine/percentiles/settings.ts";
import { packedOrNull, readHash, unpacked, writeHash } from "../hash-state.ts";
import { ToolProblem, WorkerJob, WorkerLost, WorkerStopped } from "../worker-job.ts";
import type { Answer, Question, ReadSource, Slot, Source } from "./question.ts";
import { settingsFromHash, settingsToHash } from "./settings-hash.ts";

export interface Given {
  readonly source: Source;
  /** It is one of the examples: its id. */
  readonly example?: string;
  /** Once it is read. */
  readonly read?: ReadSource;
  /** Which of its results. */
  readonly result: number;
}

export class AnalyserState {
  readonly given = { a: signal<Given | null>(null), b: signal<Given | null>(null) };
  readonly settings = signal<Settings>(defaults);
  readonly analysis = signal<Analysis | null>(null);
  /** 0–1 while something is read; null while nothing is. */
  readonly progress = signal<number | null>(null);
  readonly problem = signal<{ readonly field: string; readonly text: string } | null>(null);
  readonly linkLacks = signal<string | null>(null);
  readonly #job = new WorkerJob<Question, Answer>(
    () => new Worker(new URL("./percentiles-worker.ts", import.meta.url), { type: "module", name: "percentiles" }),
  );
  #asked = 0;

  /** What the address holds. */
  async restore(): Promise<void> {
    const hash = readHash();
    this.settings.value = settingsFromHash(hash);
    try {
      for (const slot of ["a", "b"] as const) {
        const example = examples.find(({ id }) => id === hash.get(slot === "a" ? "example" : "with"));
        const packed = hash.get(slot);
        const result = Number(hash.get(`result-${slot}`)) || 0;
        if (example === undefined && packed === null) await this.forget(slot);
        else if (example) await this.give(slot, { name: example.title, text: example.text() }, { example: example.id, result });
        else if (packed !== null)
          await this.give(slot, { name: hash.get(`name-${slot}`) ?? "pasted", text: await unpacked(packed) }, { result });
      }
    } catch {
      this.problem.value = { field: "", text: "This link is damaged: a part of it is missing. Ask for it again, or for the file." };
    }
  }

  async give(slot: Slot, source: Source, about: { example?: string; result?: number } = {}): Promise<void> {
    const given = this.given[slot];
    const fresh: Given = { source, ...(about.example ? { example: about.example } : {}), result: about.result ?? 0 };
    batch(() => {
      given.value = fresh;
      this.problem.value = null;
      if (slot === "a") this.analysis.value = null;
    });
    const read = await this.#read(slot, source);
    if (!read || given.peek() !== fresh) return;
    const first = read.results.findIndex(({ rows }) => rows > 0);
    given.value = { ...fresh, read, result: read.results[fresh.result]?.rows ? fresh.result : Math.max(0, first) };
    await this.analyse();
  }

  /** Says why what was given is not taken. */
  refuse(text: string): void {
    this.problem.value = { field: "", text };
  }

  async forget(slot: Slot): Promise<void> {
    if (this.given[slot].peek() === null) return;
    this.given[slot].value = null;
    await this.#ask({ kind: "forget", slot });
    await this.analyse();
  }

  async example(id: string): Promise<void> {
    const example = examples.find((each) => each.id === id)!;
    await this.forget("b");
    this.settings.value = { ...defaults, ...example.settings };
    await this.give("a", { name: example.title, text: example.text() }, { example: id });
  }

  choose(slot: Slot, result: number): void {
    const given = this.given[slot].peek();
    if (given) this.given[slot].value = { ...given, result };
    void this.analyse();
  }

  set(change: Partial<Settings>): void {
    this.settings.value = Object.fromEntries(
      Object.entries({ ...this.settings.peek(), ...change }).filter(([, value]) => value !== undefined),
    ) as unknown as Settings;
    void this.analyse();
  }

  /** Stops the reading. What was given stays, to be read again. */
  stop(): void {
    this.#job.stop();
  }

  async readAgain(slot: Slot): Promise<void> {
    const given = this.given[slot].peek();
    if (given) await this.give(slot, given.source, given);
  }

  async analyse(): Promise<void> {
    const asked = ++this.#asked;
    const { a, b } = this.given;
    const question = {
      kind: "analyse",
      settings: this.settings.peek(),
      result: { a: a.peek()?.result ?? 0, b: b.peek()?.result ?? 0 },
    } as const;
    const answer = await this.#ask(question);
    if (asked !== this.#asked) return;
    batch(() => {
      if (answer && "analysis" in answer) {
        this.problem.value = null;
        this.analysis.value = answer.analysis;
      }
    });
    await this.#remember();
  }

  async #read(slot: Slot, source: Source): Promise<ReadSource | null> {
    this.progress.value = 0;
    const answer = await this.#ask({ kind: "read", slot, source }, (share) => (this.progress.value = share));
    this.progress.value = null;
    return answer && "read" in answer ? answer.read : null;
  }

  /** null where it was stopped, or where the problem is said. */
  async #ask(question: Question, progress?: (share: number) => void): Promise<Answer | null> {
    try {
      return await this.#job.ask(question, progress);
    } catch (error) {
      if (error instanceof WorkerStopped || error instanceof WorkerLost) {
        this.#unread();
        const text =
          error instanceof WorkerStopped
            ? "Reading was stopped"
            : "The analysis failed, perhaps for want of memory: a smaller file may do";
        this.problem.value = { field: "", text };
        return null;
      }
      const field = error instanceof ToolProblem ? error.field : "";
      this.problem.value = { field, text: error instanceof Error ? error.message : String(error) };
      return null;
    }
  }

  #unread(): void {
    for (const given of [this.given.a, this.given.b]) {
      const { read: _, ...source } = given.peek() ?? { read: null };
      if ("source" in source) given.value = source;
    }
    this.analysis.value = null;
  }

  async #remember(): Promise<void> {
    const asked = this.#asked;
    const hash = new URLSearchParams();
    const lacking: string[] = [];
    for (const slot of ["a", "b"] as const) {
      const given = this.given[slot].peek();
      if (!given) continue;
      if (given.example) hash.set(slot === "a" ? "example" : "with", given.example);
      else {
        const packed = "text" in given.source ? await packedOrNull(given.source.text) : null;
        if (packed === null) lacking.push(given.source.name);
        else {
          hash.set(`name-${slot}`, given.source.name);
          hash.set(slot, packed);
        }
      }
      if (given.result > 0) hash.set(`result-${slot}`, String(given.result));
    }
    if (asked !== this.#asked) return;
    settingsToHash(this.settings.peek(), hash);
    writeHash(hash);
    this.linkLacks.value =
      lacking.length > 0 ? `The data of ${lacking.join(" and ")} are not in it: send the file along.` : null;
  }
}
