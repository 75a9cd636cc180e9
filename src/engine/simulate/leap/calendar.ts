/** Who ends when: a ring of days, one a step, each a linked list of the slots that get their last token in it. */
export const NONE = -1;

export class Calendar {
  readonly mask: number;
  /** First slot of each day, NONE where nobody ends; indexed by step & mask. */
  readonly head: Int32Array;
  readonly #tail: Int32Array;
  readonly #before: Int32Array;
  readonly #after: Int32Array;

  /** Room for `slots` slots that end at most `longest` steps ahead. */
  constructor(slots: number, longest: number) {
    let days = 16;
    while (days <= longest) days *= 2;
    this.mask = days - 1;
    this.head = new Int32Array(days).fill(NONE);
    this.#tail = new Int32Array(days).fill(NONE);
    this.#before = new Int32Array(slots);
    this.#after = new Int32Array(slots);
  }

  add(slot: number, step: number): void {
    const day = step & this.mask;
    const tail = this.#tail[day] as number;
    this.#before[slot] = tail;
    this.#after[slot] = NONE;
    if (tail === NONE) this.head[day] = slot;
    else this.#after[tail] = slot;
    this.#tail[day] = slot;
  }

  remove(slot: number, step: number): void {
    const day = step & this.mask;
    const before = this.#before[slot] as number;
    const after = this.#after[slot] as number;
    if (before === NONE) this.head[day] = after;
    else this.#after[before] = after;
    if (after === NONE) this.#tail[day] = before;
    else this.#before[after] = before;
  }

  /** First slot that ends in a step, in the order in which they were added. */
  first(step: number): number {
    return this.head[step & this.mask] as number;
  }
}
