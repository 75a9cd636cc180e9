/** Engines side by side that one replica is made of: which of them has a request, and who among all is given up. */
import { Deadlines } from "../clients/deadlines.ts";
import type { Core } from "../core.ts";
import { status } from "../requests.ts";

export class Lanes {
  readonly cores: readonly Core[];
  readonly #deadlines: Deadlines;
  readonly #of = new Map<number, Core>();

  constructor(cores: readonly Core[]) {
    this.cores = cores;
    this.#deadlines = new Deadlines((cores[0] as Core).requests);
  }

  get idle(): boolean {
    for (const core of this.cores) if (!core.idle) return false;
    return true;
  }
  get load(): number {
    let sum = 0;
    for (const core of this.cores) sum += core.load;
    return sum;
  }
  /** Seconds: when the next request is given up. */
  get nextDeadline(): number {
    return this.#deadlines.next;
  }

  /** A request arrives at one of the engines; false when that refuses it. */
  submit(request: number, core: Core, now: number): boolean {
    if (!core.submit(request, now)) return false;
    this.#of.set(request, core);
    this.#deadlines.watch(request);
    return true;
  }

  /** Gives up everything due by `now`; returns who was still there. */
  expire(now: number): number[] {
    return this.#deadlines.expire(now, (i, cancelled) => {
      const core = this.#of.get(i) as Core;
      const at = core.requests.deadline[i] as number;
      return core.abort(i, at, cancelled ? status.cancelled : status.timedOut);
    });
  }
}
