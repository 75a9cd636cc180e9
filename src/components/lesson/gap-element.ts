/** `<course-gap>`: judges the number when the reader leaves the box or presses Enter. */
import { say } from "../language/page-words.ts";
import { judge, type NumberKey } from "../quiz/judge.ts";

class CourseGap extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector("input");
    if (!input) return;
    input.hidden = false;
    input.addEventListener("change", () => this.#judge(input.value));
  }

  #judge(typed: string): void {
    const said = this.querySelector(".gap-said");
    if (!said) return;
    if (typed.trim() === "") {
      said.textContent = "";
      return;
    }
    const { kind, says } = judge(typed, JSON.parse(this.dataset.key ?? "{}") as NumberKey);
    this.toggleAttribute("data-right", kind === "right");
    said.textContent = say(kind === "right" ? `Right. ${says}`.trim() : says);
  }
}

customElements.define("course-gap", CourseGap);
