/** Requests that will be given up, by the client or by the server's timeout, in order of time. */
import type { Requests } from "../requests.ts";
import { stages } from "../requests.ts";

export class Deadlines {
  readonly #requests: Requests;
  /** Sorted by deadline, earliest last. */
  readonly #watched: number[] = [];

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  get next(): number {
    const last = this.#watched[this.#watched.length - 1];
    return last === undefined ? Infinity : (this.#requests.deadline[last] as number);
  }

  watch(i: number): void {
    const { deadline } = this.#requests;
    const due = deadline[i] as number;
    if (due === Infinity) return;
    let at = this.#watched.length;
    while (at > 0 && (deadline[this.#watched[at - 1] as number] as number) < due) at--;
    this.#watched.splice(at, 0, i);
  }

  /** Gives up everything due by `now`; returns who was still there. `give` is told whether it was the client who left. */
  expire(now: number, give: (i: number, cancelled: boolean) => boolean): number[] {
    const gone: number[] = [];
    while (this.next <= now) {
      const i = this.#watched.pop() as number;
      if (this.#requests.stage[i] === stages.ended) continue;
      if (give(i, this.#requests.cancels[i] === 1)) gone.push(i);
    }
    return gone;
  }
}
