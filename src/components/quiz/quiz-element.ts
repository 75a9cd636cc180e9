/** `<course-quiz>`: choose or type, check, read why, try again. What was answered is kept with the reader's progress. */
import { say } from "../language/page-words.ts";
import { judge, type NumberKey, type Verdict } from "./judge.ts";
import { readAnswers, writeAnswer } from "./quiz-progress.ts";

type Answer = number | string;

class CourseQuiz extends HTMLElement {
  connectedCallback(): void {
    for (const form of this.forms()) {
      const submit = form.querySelector<HTMLButtonElement>("[type=submit]");
      if (submit) submit.hidden = false;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.check(form);
      });
      form.querySelector(".reveal")?.addEventListener("click", () => this.reveal(form));
    }
    void this.restore();
  }

  private forms(): HTMLFormElement[] {
    return [...this.querySelectorAll("form")];
  }

  private check(form: HTMLFormElement): void {
    const answer = answerOf(form);
    if (answer === null) {
      form.querySelector("input")?.focus();
      if (form.dataset.kind === "number") this.say(form, judge("", keyOf(form)));
      return;
    }
    if (this.show(form, answer)) void writeAnswer(this.dataset.quiz ?? "", form.dataset.question ?? "", answer);
  }

  private async restore(): Promise<void> {
    const forms = this.forms();
    const kept = await readAnswers(
      this.dataset.quiz ?? "",
      forms.map((form) => form.dataset.question ?? ""),
    );
    for (const form of forms) {
      const answer = kept[form.dataset.question ?? ""];
      // An answer given while the storage was opening counts more than the one it remembers.
      if (answer === undefined || form.classList.contains("checked") || !putIn(form, answer)) continue;
      this.show(form, answer);
    }
  }

  /** What was chosen or typed says why it is right or wrong; the right answer stays covered until found or asked for. */
  private show(form: HTMLFormElement, answer: Answer): boolean {
    if (form.dataset.kind === "number") {
      const verdict = judge(String(answer), keyOf(form));
      this.say(form, verdict);
      if (verdict.kind === "unread") return false;
      this.mark(form, verdict.kind === "right");
      return true;
    }
    const options = [...form.querySelectorAll<HTMLElement>(".option")];
    options.forEach((option, index) => {
      option.classList.toggle("chosen", index === answer);
      tell(option, index === answer);
    });
    this.mark(form, options[Number(answer)]?.dataset.right !== undefined);
    return true;
  }

  private say(form: HTMLFormElement, { kind, says }: Verdict): void {
    const said = form.querySelector(".said");
    if (said)
      said.textContent = say(
        `${{ right: "Right. ", slip: "Not quite. ", wrong: "Not quite. ", unread: "" }[kind]}${says}`,
      );
  }

  private mark(form: HTMLFormElement, right: boolean): void {
    form.classList.add("checked");
    form.classList.toggle("right", right);
    form.classList.toggle("told", right);
    const reveal = form.querySelector<HTMLButtonElement>(".reveal");
    if (reveal) reveal.hidden = right;
    this.score();
  }

  private reveal(form: HTMLFormElement): void {
    form.classList.add("told");
    const option = form.querySelector<HTMLElement>(".option[data-right]");
    if (option) tell(option, true);
    else {
      const { value, unit, why } = keyOf(form);
      const said = form.querySelector(".said");
      if (said) said.textContent = `${[say(value.toLocaleString("en-GB")), unit].join(" ").trim()}. ${why}`;
    }
    const reveal = form.querySelector<HTMLButtonElement>(".reveal");
    if (reveal) reveal.hidden = true;
    form.querySelector<HTMLElement>("[type=submit]")?.focus({ preventScroll: true });
  }

  private score(): void {
    const forms = this.forms();
    const checked = forms.filter((form) => form.classList.contains("checked"));
    const right = checked.filter((form) => form.classList.contains("right"));
    const line = this.querySelector(".score");
    if (line) line.textContent = say(`${right.length} right of ${checked.length} answered; ${forms.length} questions.`);
  }
}

/** The option's reason, with its verdict in front. */
function tell(option: HTMLElement, shown: boolean): void {
  const why = option.querySelector<HTMLElement>(".why");
  const verdict = option.querySelector(".verdict");
  if (why) why.hidden = !shown;
  if (verdict && shown) verdict.textContent = say(option.dataset.right === undefined ? "Not quite." : "Right.");
}

function keyOf(form: HTMLFormElement): NumberKey {
  return JSON.parse(form.dataset.key ?? "{}") as NumberKey;
}

function answerOf(form: HTMLFormElement): Answer | null {
  if (form.dataset.kind !== "number") {
    const input = form.querySelector<HTMLInputElement>("input:checked");
    return input === null ? null : Number(input.value);
  }
  const typed = form.querySelector<HTMLInputElement>(".typed input")?.value.trim() ?? "";
  return typed === "" ? null : typed;
}

function putIn(form: HTMLFormElement, answer: Answer): boolean {
  const typed = form.querySelector<HTMLInputElement>(".typed input");
  if (typed) {
    typed.value = String(answer);
    return true;
  }
  const input = form.querySelectorAll<HTMLInputElement>("input")[Number(answer)];
  if (input) input.checked = true;
  return input !== undefined;
}

customElements.define("course-quiz", CourseQuiz);
