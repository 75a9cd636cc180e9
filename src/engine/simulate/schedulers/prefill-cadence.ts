/**
 * When prompts stand back so that those who decode run undisturbed (vLLM's prefill_schedule_interval). An engine of its own counts
 * from the last step that carried a prompt (0.33.0 and on; before, the option did nothing there); data-parallel ranks that step together
 * look at their common count of steps. Neither holds while the line was longer than the last step that took prompts in could take.
 */

/** What it sees of an engine's core, which holds it. */
interface Line {
  readonly runningCount: number;
  readonly running: ArrayLike<number>;
  readonly waiting: { readonly size: number };
  prefilling(slot: number): boolean;
}

export class PrefillCadence {
  /** Steps of the group since it last stood idle, for ranks that step together. */
  groupSteps: number | undefined;
  readonly #interval: number;
  readonly #alone: boolean;
  /** Steps planned with tokens, and the last of them that had a prompt. */
  #steps = 0;
  #last: number;
  #behind = false;

  /** `alone`: whether this version of vLLM has the rule for an engine of its own. */
  constructor(interval: number, alone: boolean) {
    this.#interval = interval;
    this.#alone = alone;
    this.#last = -interval;
  }

  /** Whether prompts stand back in the step that is being planned. */
  holds(core: Line): boolean {
    if (this.#interval === 1 || this.#behind || this.#due()) return false;
    for (let k = 0; k < core.runningCount; k++) if (!core.prefilling(core.running[k] as number)) return true;
    return false;
  }

  /** A step is planned: whether it has tokens, and prompts among them. */
  planned(tokens: boolean, prompts: boolean): void {
    if (tokens) this.#steps++;
    if (prompts) this.#last = this.#steps;
  }

  /** The line as a step leaves it that was free to take prompts in. */
  took({ waiting }: Line): void {
    this.#behind = waiting.size > 0;
  }

  #due(): boolean {
    if (this.groupSteps !== undefined) return this.groupSteps % this.#interval === 0;
    return !this.#alone || this.#steps + 1 - this.#last >= this.#interval;
  }
}
