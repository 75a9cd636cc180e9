/** `<course-decision>`: commit to an option with a reason; only then the outcomes are shown. Kept with the reader's progress. */
import { say } from "../language/page-words.ts";
import { readAnswers, writeAnswer } from "../quiz/quiz-progress.ts";

const QUIZ = "decision";

class CourseDecision extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form) return;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const option = form.querySelector<HTMLInputElement>("[type=radio]:checked");
      const reason = form.querySelector<HTMLInputElement>("[name=reason]");
      const said = this.querySelector(".said");
      if (!option || !reason || reason.value.trim() === "") {
        if (said)
          said.textContent = say(
            option ? "One line of reason first: it is what you will compare." : "Choose one first.",
          );
        (option ? reason : form.querySelector<HTMLInputElement>("[type=radio]"))?.focus();
        return;
      }
      this.#show(option.value);
      void writeAnswer(QUIZ, this.dataset.decision ?? "", JSON.stringify([option.value, reason.value.trim()]));
    });
    void this.#restore(form);
  }

  async #restore(form: HTMLFormElement): Promise<void> {
    const id = this.dataset.decision ?? "";
    const kept = (await readAnswers(QUIZ, [id]))[id];
    if (typeof kept !== "string" || this.dataset.committed !== undefined) return;
    const [option, reason] = JSON.parse(kept) as [string, string];
    const radio = [...form.querySelectorAll<HTMLInputElement>("[type=radio]")].find(({ value }) => value === option);
    const box = form.querySelector<HTMLInputElement>("[name=reason]");
    if (!radio || !box) return;
    radio.checked = true;
    box.value = reason;
    this.#show(option);
  }

  #show(option: string): void {
    this.dataset.committed = "";
    const fold = this.querySelector("details");
    if (fold) fold.open = true;
    for (const row of this.querySelectorAll<HTMLElement>("[data-option]"))
      row.classList.toggle("chosen", row.dataset.option === option);
    const said = this.querySelector(".said");
    if (said) said.textContent = say("Committed. What each would have done stands below.");
  }
}

customElements.define("course-decision", CourseDecision);
