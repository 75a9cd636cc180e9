/** The checks of a lab: their names, how each fared last, and whether all of them have passed. */
import { signal } from "@preact/signals-core";
import type { CheckResult } from "../protocol.ts";

export interface CheckRow {
  readonly name: string;
  readonly state: "open" | CheckResult["outcome"];
  readonly message?: string;
  readonly points?: number;
}

export class CheckState {
  readonly rows = signal<readonly CheckRow[]>([]);
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.forget();
  }

  show(results: readonly CheckResult[]): void {
    this.rows.value = results.map(({ name, outcome, message, points }) => ({
      name,
      state: outcome,
      ...(message === undefined ? {} : { message }),
      ...(points === undefined ? {} : { points }),
    }));
  }

  /** Takes the verdicts off: the code has changed since. */
  forget(): void {
    this.rows.value = this.#names.map((name) => ({ name, state: "open" }));
  }
}
