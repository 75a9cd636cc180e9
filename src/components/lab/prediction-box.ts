/** The prediction: asked before the first run, locked by it, compared with what came out. */
import type { Storage } from "../../lab/storage.ts";
import type { LabSetup } from "../../lab/setup.ts";
import { threeDigits } from "./parts.ts";

export class PredictionBox {
  readonly #setup: NonNullable<LabSetup["prediction"]>;
  readonly #lab: string;
  readonly #storage: Storage;
  readonly #input: HTMLInputElement;
  readonly #button: HTMLButtonElement;
  readonly #verdict: HTMLElement;
  #value: number | null = null;
  #compared = false;

  constructor(form: HTMLFormElement, lab: string, setup: NonNullable<LabSetup["prediction"]>, storage: Storage) {
    this.#lab = lab;
    this.#setup = setup;
    this.#storage = storage;
    this.#input = form.querySelector("input")!;
    this.#button = form.querySelector("button")!;
    this.#verdict = form.querySelector(".lab-prediction-verdict")!;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#lock();
      if (this.#value !== null) this.#say(`Locked in: ${this.#worded(this.#value)}. Press Run to see.`);
    });
  }

  async restore(): Promise<void> {
    const kept = await this.#storage.get("predictions", this.#lab);
    if (kept === undefined) return;
    this.#input.value = String(kept.value);
    this.#lock();
    if (kept.actual !== undefined) this.#compare(kept.actual);
    else this.#say(`Locked in: ${this.#worded(kept.value)}. Press Run to see.`);
  }

  /** A run has ended, and the solution says this of it. */
  async ran(actual: number | null): Promise<void> {
    if (actual === null || this.#compared) return;
    this.#lock();
    if (this.#value === null) {
      this.#close();
      this.#say(`You ran before you predicted. The answer is ${this.#worded(actual)}. ${this.#setup.explain}`);
      return;
    }
    this.#compare(actual);
    await this.#storage.put("predictions", {
      id: this.#lab,
      value: this.#value,
      date: new Date().toISOString(),
      actual,
    });
  }

  #lock(): void {
    if (this.#value !== null || this.#input.value.trim() === "" || !Number.isFinite(this.#input.valueAsNumber)) return;
    this.#value = this.#input.valueAsNumber;
    this.#close();
    void this.#storage.put("predictions", { id: this.#lab, value: this.#value, date: new Date().toISOString() });
  }

  #close(): void {
    this.#input.readOnly = true;
    this.#button.hidden = true;
  }

  #compare(actual: number): void {
    const predicted = this.#value ?? NaN;
    this.#compared = true;
    const off = Math.abs(predicted - actual) / Math.abs(actual);
    const factor = Math.max(predicted / actual, actual / predicted);
    const side = predicted < actual ? "low" : "high";
    const gap =
      off <= this.#setup.tolerance
        ? "Close."
        : predicted > 0 && actual > 0 && factor >= 2
          ? `A factor of ${threeDigits(factor)} too ${side}.`
          : `${threeDigits(off * 100)} % too ${side}.`;
    this.#say(
      `You predicted ${this.#worded(predicted)}; the run says ${this.#worded(actual)}. ${gap} ${this.#setup.explain}`,
    );
  }

  #worded(value: number): string {
    return `${threeDigits(value)}${this.#setup.unit === "" ? "" : ` ${this.#setup.unit}`}`;
  }

  #say(text: string): void {
    this.#verdict.hidden = false;
    this.#verdict.textContent = text;
  }
}
