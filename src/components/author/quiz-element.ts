/** Makes a quiz answerable: choose, check, read why. What was answered is kept with the reader's progress. */
import { readQuiz, writeQuiz } from "./quiz-progress.ts";

class CourseQuiz extends HTMLElement {
  /** Question id → chosen option, of the questions checked so far. */
  private chosen: Record<string, number> = {};

  connectedCallback(): void {
    for (const form of this.forms()) {
      const button = form.querySelector("button");
      if (button) button.hidden = false;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const input = form.querySelector<HTMLInputElement>("input:checked");
        if (!input) {
          form.querySelector("input")?.focus();
          return;
        }
        this.chosen[form.dataset.question ?? ""] = Number(input.value);
        this.show(form);
        void writeQuiz(this.dataset.quiz ?? "", this.chosen);
      });
    }
    void this.restore();
  }

  private forms(): HTMLFormElement[] {
    return [...this.querySelectorAll("form")];
  }

  private async restore(): Promise<void> {
    const kept = await readQuiz(this.dataset.quiz ?? "");
    for (const form of this.forms()) {
      const choice = kept[form.dataset.question ?? ""];
      const input = form.querySelectorAll<HTMLInputElement>("input")[choice ?? -1];
      if (choice === undefined || !input) continue;
      this.chosen[form.dataset.question ?? ""] = choice;
      input.checked = true;
      this.show(form);
    }
  }

  /** The chosen option says why it is right or wrong; a wrong choice also opens the right one. */
  private show(form: HTMLFormElement): void {
    const choice = this.chosen[form.dataset.question ?? ""];
    form.classList.add("checked");
    form.querySelectorAll<HTMLElement>(".option").forEach((option, index) => {
      const right = option.dataset.right !== undefined;
      option.classList.toggle("chosen", index === choice);
      const why = option.querySelector<HTMLElement>(".why");
      const verdict = option.querySelector(".verdict");
      if (why) why.hidden = !(right || index === choice);
      if (verdict) verdict.textContent = right ? "Right." : "Not quite.";
    });
    this.score();
  }

  private score(): void {
    const forms = this.forms();
    const checked = forms.filter((form) => form.classList.contains("checked"));
    const right = checked.filter((form) => form.querySelector(".option.chosen[data-right]"));
    const line = this.querySelector(".score");
    if (line) line.textContent = `${right.length} right of ${checked.length} answered; ${forms.length} questions.`;
  }
}

customElements.define("course-quiz", CourseQuiz);
