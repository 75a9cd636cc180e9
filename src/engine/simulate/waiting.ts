/** The waiting queue: first come, first served with preempted requests put back in front, or sorted by priority. */
import type { Requests } from "./requests.ts";

export class WaitingQueue {
  #ring = new Int32Array(64);
  #head = 0;
  #size = 0;
  readonly #requests: Requests;
  readonly #sorted: boolean;

  constructor(requests: Requests, policy: "fcfs" | "priority") {
    this.#requests = requests;
    this.#sorted = policy === "priority";
  }

  get size(): number {
    return this.#size;
  }

  /** The k-th request in line. */
  at(k: number): number {
    return this.#ring[(this.#head + k) & (this.#ring.length - 1)] as number;
  }

  /** A new request joins. */
  append(i: number): void {
    this.#insert(this.#sorted ? this.#rank(i) : this.#size, i);
  }

  /** A preempted request returns: to the front, or to its place by priority. */
  prepend(i: number): void {
    if (this.#sorted) return this.append(i);
    this.#grow();
    this.#head = (this.#head - 1) & (this.#ring.length - 1);
    this.#ring[this.#head] = i;
    this.#size++;
  }

  shift(): number {
    const i = this.at(0);
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#size--;
    return i;
  }

  /** Takes a request out of the line, wherever it stands. */
  remove(i: number): void {
    for (let k = 0; k < this.#size; k++) {
      if (this.at(k) !== i) continue;
      for (let m = k; m < this.#size - 1; m++) this.#put(m, this.at(m + 1));
      this.#size--;
      return;
    }
  }

  /** Whether a is served before b: lower priority number, then earlier arrival. */
  #before(a: number, b: number): boolean {
    const { priority, arrived } = this.#requests;
    const difference = (priority[a] as number) - (priority[b] as number);
    if (difference !== 0) return difference < 0;
    const gap = (arrived[a] as number) - (arrived[b] as number);
    return gap !== 0 ? gap < 0 : a < b;
  }

  #rank(i: number): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#before(i, this.at(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #insert(at: number, i: number): void {
    this.#grow();
    this.#size++;
    for (let m = this.#size - 1; m > at; m--) this.#put(m, this.at(m - 1));
    this.#put(at, i);
  }

  #put(k: number, i: number): void {
    this.#ring[(this.#head + k) & (this.#ring.length - 1)] = i;
  }

  #grow(): void {
    if (this.#size < this.#ring.length) return;
    const larger = new Int32Array(this.#ring.length * 2);
    for (let k = 0; k < this.#size; k++) larger[k] = this.at(k);
    this.#ring = larger;
    this.#head = 0;
  }
}
