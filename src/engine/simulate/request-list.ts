/** A list of requests that is filled and emptied step after step: it keeps its memory, which an emptied array gives back. */
import { larger } from "./plan.ts";

export class RequestList {
  length = 0;
  #requests: Int32Array = new Int32Array(16);

  /** The k-th request; k below `length`. */
  at(k: number): number {
    return this.#requests[k] as number;
  }

  push(i: number): void {
    if (this.length === this.#requests.length) this.#requests = larger(this.#requests);
    this.#requests[this.length++] = i;
  }

  removeAt(k: number): void {
    this.#requests.copyWithin(k, k + 1, this.length--);
  }

  clear(): void {
    this.length = 0;
  }
}
