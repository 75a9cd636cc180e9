/** What the lab's code logged. */
import { limits, type ConsoleLine } from "../../lab/protocol.ts";
import { make } from "./parts.ts";

export class ConsolePane {
  readonly #host: HTMLElement;
  readonly #list = make("div", "lab-console-lines");
  readonly #note = make("p", "lab-console-note");
  #dropped = 0;

  constructor(host: HTMLElement) {
    this.#host = host;
    this.#list.tabIndex = 0;
    this.#list.setAttribute("aria-label", "Console");
    this.#list.setAttribute("role", "log");
    host.append(make("h4", "", "Console"), this.#list, this.#note);
  }

  clear(): void {
    this.#list.replaceChildren();
    this.#note.textContent = "";
    this.#dropped = 0;
    this.#host.hidden = true;
  }

  add(lines: readonly ConsoleLine[], dropped: number): void {
    this.#host.hidden = false;
    for (const { level, values, indent = 0 } of lines) {
      const row = make("div", `lab-console-line ${level}`);
      if (level === "warn" || level === "error") row.append(make("span", "lab-console-level", `${level}: `));
      for (const { kind, text } of values) row.append(make("span", `value ${kind}`, text), " ");
      if (indent > 0) row.style.paddingInlineStart = `${indent * 1.5}em`;
      this.#list.append(row);
    }
    this.#dropped += dropped;
    if (this.#dropped > 0) {
      this.#note.textContent = `${this.#dropped.toLocaleString("en-GB")} more lines were not kept; a run shows the first ${limits.consoleLines.toLocaleString("en-GB")}.`;
    }
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}
