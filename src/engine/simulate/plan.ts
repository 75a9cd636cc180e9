/** A step's plan: which requests compute how many tokens, in the order in which they were planned. */
export class StepPlan {
  request: Int32Array;
  tokens: Int32Array;
  count = 0;
  /** Where each request stands in the plan, if it is in this one. */
  #at: Int32Array;

  constructor(most: number, requests: number) {
    this.request = new Int32Array(most);
    this.tokens = new Int32Array(most);
    this.#at = new Int32Array(requests).fill(-1);
  }

  add(i: number, n: number): void {
    if (this.count === this.request.length) {
      this.request = larger(this.request);
      this.tokens = larger(this.tokens);
    }
    while (i >= this.#at.length) this.#at = larger(this.#at);
    this.#at[i] = this.count;
    this.request[this.count] = i;
    this.tokens[this.count++] = n;
  }

  has(i: number): boolean {
    const at = this.#at[i] ?? -1;
    return at >= 0 && at < this.count && this.request[at] === i;
  }

  /** Takes request i out; returns the tokens that it had. */
  remove(i: number): number {
    if (!this.has(i)) return 0;
    const at = this.#at[i] as number;
    const n = this.tokens[at] as number;
    for (let k = at; k < this.count - 1; k++) {
      const moved = this.request[k + 1] as number;
      this.request[k] = moved;
      this.tokens[k] = this.tokens[k + 1] as number;
      this.#at[moved] = k;
    }
    this.count--;
    this.#at[i] = -1;
    return n;
  }
}

/** The same list with twice the room. */
export function larger(old: Int32Array): Int32Array {
  const list = new Int32Array(Math.max(16, old.length * 2));
  list.set(old);
  return list;
}
