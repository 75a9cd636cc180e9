/** The question before requests are sent: open until the learner answers, or the run that asked it is stopped. */
import { signal } from "@preact/signals-core";
import type { SpendAnswer, SpendQuestion } from "../spend.ts";

export interface OpenSpendQuestion extends SpendQuestion {
  answer(agreed: SpendAnswer): void;
}

export class SpendState {
  readonly question = signal<OpenSpendQuestion | null>(null);

  /** `answered` is told before whoever asked. */
  ask(question: SpendQuestion, answered: (agreed: SpendAnswer) => void): Promise<SpendAnswer> {
    return new Promise((resolve) => {
      const open = {
        ...question,
        answer: (agreed: SpendAnswer) => {
          this.question.value = null;
          answered(agreed);
          resolve(agreed);
        },
      };
      this.question.value = open;
      question.signal.addEventListener("abort", () => {
        if (this.question.peek() === open) open.answer(false);
      });
    });
  }
}
