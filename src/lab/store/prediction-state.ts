/** The prediction of a lab: asked before the first run, locked by it, and judged by correct code. */
import { batch, signal } from "@preact/signals-core";
import type { PredictionRecord, Storage } from "../storage.ts";
import { readGuess, type PredictionQuestion } from "./guess.ts";

/** How sure a learner is: chances out of a hundred of being within the lab's tolerance. */
export const confidences = [
  { chance: 20, label: "a guess" },
  { chance: 50, label: "half sure" },
  { chance: 80, label: "quite sure" },
  { chance: 95, label: "certain" },
] as const;

export class PredictionState {
  readonly question: PredictionQuestion;
  readonly typed = signal("");
  readonly reason = signal("");
  readonly confidence = signal<number | null>(null);
  /** Why what was typed can't be the answer. */
  readonly problem = signal<string | null>(null);
  /** Set once it is locked in. */
  readonly locked = signal<PredictionRecord | null>(null);
  /** What correct code says; known once the learner's code has run. */
  readonly truth = signal<number | null>(null);
  /** A run was shown before there was a prediction. */
  #seen = false;
  readonly #lab: string;
  readonly #lang: string | undefined;
  #storage: Storage | null = null;

  /** `lang`: of the page, undefined for English; numbers are typed as it writes them. */
  constructor(lab: string, question: PredictionQuestion, lang?: string) {
    this.#lab = lab;
    this.#lang = lang;
    this.question = question;
  }

  async restore(storage: Storage): Promise<void> {
    this.#storage = storage;
    this.#seen = (await storage.all("runs")).some(({ lab }) => lab === this.#lab);
    const kept = await storage.get("predictions", this.#lab);
    if (kept === undefined) return;
    batch(() => {
      this.typed.value = String(kept.value);
      this.reason.value = kept.reason ?? "";
      this.confidence.value = kept.confidence ?? null;
      this.locked.value = kept;
      this.truth.value = kept.actual ?? null;
    });
  }

  get empty(): boolean {
    return this.typed.peek().trim() === "";
  }

  /** Locks in what was typed; false where it can't be the answer, and why is then in `problem`. */
  lock(): boolean {
    if (this.locked.peek() !== null) return true;
    const guess = readGuess(this.typed.peek(), this.question, this.#lang);
    if ("problem" in guess) {
      this.problem.value = guess.problem;
      return false;
    }
    const reason = this.reason.peek().trim();
    const confidence = this.confidence.peek();
    batch(() => {
      this.problem.value = null;
      this.locked.value = {
        id: this.#lab,
        value: guess.value,
        date: new Date().toISOString(),
        unit: this.question.unit,
        tolerance: this.question.tolerance,
        ...(reason === "" ? {} : { reason }),
        ...(confidence === null ? {} : { confidence }),
        ...(this.#seen ? { afterRun: true } : {}),
      };
    });
    this.#keep();
    return true;
  }

  /** A run has been shown, and correct code says this of it. */
  judge(truth: number | null): void {
    this.#seen = true;
    const locked = this.locked.peek();
    if (truth === null || locked?.actual !== undefined) return;
    this.truth.value = truth;
    if (locked === null) return;
    this.locked.value = { ...locked, actual: truth };
    this.#keep();
  }

  /** Asks again, as if nothing had been said; what the learner has seen stays seen. */
  again(): void {
    batch(() => {
      this.typed.value = "";
      this.reason.value = "";
      this.confidence.value = null;
      this.problem.value = null;
      this.locked.value = null;
    });
    void this.#storage?.delete("predictions", this.#lab);
  }

  #keep(): void {
    const record = this.locked.peek();
    if (record !== null) void this.#storage?.put("predictions", record);
  }
}
