/** `<course-try>`: takes a guess, says beside the answer how far off it was, as a factor, and opens what explains it. */
import { say } from "../language/page-words.ts";
import { readNumber } from "../quiz/read-number.ts";
import { judge, type NumberKey } from "../quiz/judge.ts";
import { readAnswers, writeAnswer } from "../quiz/quiz-progress.ts";

/** Guesses are kept beside the answers of quizzes. */
const QUIZ = "try";

class CourseTry extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector("form");
    const box = this.querySelector("input");
    if (!form || !box) return;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const typed = box.value.trim();
      if (this.#compare(typed)) void writeAnswer(QUIZ, this.dataset.try ?? "", typed);
      else box.focus();
    });
    this.querySelector(".skip")?.addEventListener("click", () => this.#tell(`It is ${this.dataset.answer}.`));
    void readAnswers(QUIZ, [this.dataset.try ?? ""]).then((kept) => {
      const typed = kept[this.dataset.try ?? ""];
      if (typed === undefined || box.value !== "") return;
      box.value = String(typed);
      this.#compare(box.value);
    });
  }

  #compare(typed: string): boolean {
    const key = JSON.parse(this.dataset.key ?? "{}") as NumberKey;
    const verdict = judge(typed, key);
    if (verdict.kind === "unread") {
      const said = this.querySelector(".said");
      if (said) said.textContent = say(verdict.says);
      return false;
    }
    const guess = readNumber(typed, key.unit)[0] ?? NaN;
    const ratio = guess / key.value;
    const far = ratio > 1 ? `${factor(ratio)} too high` : `${factor(1 / ratio)} too low`;
    const close = verdict.kind === "right";
    this.#tell(`You said ${typed}. It is ${this.dataset.answer}: ${close ? "close enough to plan with" : far}.`);
    return true;
  }

  #tell(words: string): void {
    const said = this.querySelector(".said");
    const fold = this.querySelector("details");
    if (said) said.textContent = say(words);
    if (fold) fold.open = true;
  }
}

function factor(ratio: number): string {
  return Number.isFinite(ratio) && ratio > 0 ? `a factor of ${ratio.toPrecision(2)}` : "far";
}

customElements.define("course-try", CourseTry);
