/** The list of checks and how each fared, in words. */
import type { CheckResult } from "../../lab/protocol.ts";
import { make } from "./parts.ts";

const words = { passed: "Passed", failed: "Not yet", notGraded: "Not graded" } as const;

export function showChecks(list: HTMLElement, results: readonly CheckResult[]): void {
  list.replaceChildren(
    ...results.map(({ name, outcome, message }) => {
      const row = make("li", "", make("strong", "lab-check-verdict", `${words[outcome]}: `), name);
      row.dataset["state"] = outcome;
      if (message !== undefined) row.append(make("p", "lab-check-message", message));
      return row;
    }),
  );
}

/** Takes the verdicts off, since the code has changed since. */
export function forgetChecks(list: HTMLElement, names: readonly string[]): void {
  list.replaceChildren(
    ...names.map((name) => {
      const row = make("li", "", name);
      row.dataset["state"] = "open";
      return row;
    }),
  );
}
