/** The finder's state: what is typed, the search that runs, what it found, and the row that was chosen. */
import { computed, signal } from "@preact/signals";
import type { PlanAnswer, PlanQuestion, PlanRow } from "../../engine/plan/types.ts";
import { WorkerJob, WorkerStopped } from "../tools/worker-job.ts";
import { fromText, readForm, toText, type Form, type FormName } from "./form.ts";
import { questionOf, type FinderRequest } from "./request.ts";

export type Search =
  | { readonly kind: "none" }
  | { readonly kind: "running"; readonly share: number }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly text: string }
  | { readonly kind: "done"; readonly answer: PlanAnswer; readonly question: PlanQuestion };

/** Rows that are asked for in full. */
const ROWS = 12;

export class FinderState {
  readonly form = signal<Form>(fromText(""));
  readonly search = signal<Search>({ kind: "none" });
  readonly chosen = signal<PlanRow | null>(null);
  readonly sort = signal<"usd" | "p99">("usd");
  readonly all = signal(false);
  readonly read = computed(() => readForm(this.form.value));
  readonly #remember: (text: string) => void;
  readonly #job = new WorkerJob<PlanQuestion, PlanAnswer>(
    () => new Worker(new URL("./finder-worker.ts", import.meta.url), { type: "module", name: "finder" }),
  );
  #asked = 0;
  #known = "";

  /** `remember` puts the text into the address. */
  constructor(remember: (text: string) => void) {
    this.#remember = remember;
  }

  /** What the address holds; true where it asks for a search that has not been run. */
  restore(text: string): boolean {
    if (text === this.#known) return false;
    this.#known = text;
    this.form.value = fromText(text);
    return this.form.value.go === "1";
  }

  set(change: Partial<Record<FormName, string>>): void {
    this.form.value = { ...this.form.peek(), ...change };
    this.#known = toText(this.form.peek());
    this.#remember(this.#known);
  }

  /** Null where a field is wrong. */
  question(request: FinderRequest, rows: number): PlanQuestion | null {
    const { wishes } = this.read.value;
    return wishes && questionOf(request, this.form.value, wishes, rows);
  }

  async run(request: FinderRequest, everything = false): Promise<void> {
    const question = this.question(request, everything ? Infinity : ROWS);
    if (!question) return;
    this.#job.stop();
    if (this.form.peek().go !== "1") this.set({ go: "1" });
    this.all.value = everything;
    this.chosen.value = null;
    const asked = ++this.#asked;
    const tell = (search: Search) => {
      if (asked === this.#asked) this.search.value = search;
    };
    tell({ kind: "running", share: 0 });
    try {
      const answer = await this.#job.ask(question, (share) => tell({ kind: "running", share }));
      tell({ kind: "done", answer, question });
    } catch (error) {
      if (error instanceof WorkerStopped) tell({ kind: "stopped" });
      else tell({ kind: "failed", text: error instanceof Error ? error.message : String(error) });
    }
  }

  /** At the reader's wish. */
  stop(): void {
    this.#asked++;
    this.#job.stop();
    this.search.value = { kind: "stopped" };
  }
}
