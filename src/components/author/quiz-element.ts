/** Makes a quiz answerable: choose, check, read why. What was answered is kept with the reader's progress. */
import { readAnswers, writeAnswer } from "./quiz-progress.ts";

class CourseQuiz extends HTMLElement {
  connectedCallback(): void {
    for (const form of this.forms()) {
      const button = form.querySelector("button");
      if (button) button.hidden = false;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.check(form);
      });
    }
    void this.restore();
  }

  private forms(): HTMLFormElement[] {
    return [...this.querySelectorAll("form")];
  }

  private check(form: HTMLFormElement): void {
    const input = form.querySelector<HTMLInputElement>("input:checked");
    if (!input) {
      form.querySelector("input")?.focus();
      return;
    }
    this.show(form, Number(input.value));
    void writeAnswer(this.dataset.quiz ?? "", form.dataset.question ?? "", Number(input.value));
  }

  private async restore(): Promise<void> {
    const forms = this.forms();
    const kept = await readAnswers(
      this.dataset.quiz ?? "",
      forms.map((form) => form.dataset.question ?? ""),
    );
    for (const form of forms) {
      const choice = kept[form.dataset.question ?? ""];
      const input = form.querySelectorAll<HTMLInputElement>("input")[choice ?? -1];
      // An answer given while the storage was opening counts more than the one it remembers.
      if (choice === undefined || !input || form.classList.contains("checked")) continue;
      input.checked = true;
      this.show(form, choice);
    }
  }

  /** The chosen option says why it is right or wrong; a wrong choice also opens the right one. */
  private show(form: HTMLFormElement, choice: number): void {
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
