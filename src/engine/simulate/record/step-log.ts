/** The end of every step, by its number, so that a sequence's token times can be written down when it leaves. */
export class StepLog {
  #times = new Float64Array(4096);

  add(step: number, t: number): void {
    if (step >= this.#times.length) {
      const larger = new Float64Array(this.#times.length * 2);
      larger.set(this.#times);
      this.#times = larger;
    }
    this.#times[step] = t;
  }

  /** Times of steps from … to, both included. */
  between(from: number, to: number): Float64Array {
    return this.#times.subarray(from, to + 1);
  }
}
