/** A replica made of one engine, stepped one step at a time. */
import type { Core } from "../core.ts";
import { Deadlines } from "../clients/deadlines.ts";
import type { Replica } from "./replica.ts";
import { status } from "../requests.ts";

export class EngineReplica implements Replica {
  readonly #core: Core;
  readonly #deadlines: Deadlines;
  readonly #patient: boolean;
  readonly ended: number[] = [];

  /** `patient`: a step without a plan is no dead end, as the scheduler may be waiting for more to arrive. */
  constructor(core: Core, patient = false) {
    this.#core = core;
    this.#patient = patient;
    this.#deadlines = new Deadlines(core.requests);
  }

  get clock(): number {
    return this.#core.clock;
  }
  get idle(): boolean {
    return this.#core.idle;
  }
  get load(): number {
    return this.#core.load;
  }
  get busy(): number {
    return this.#core.busy;
  }
  get stuckOn(): number {
    return this.#core.waiting.size > 0 ? this.#core.waiting.at(0) : (this.#core.running[0] as number);
  }

  settle(): void {
    // An engine's columns are up to date after every step.
  }

  submit(request: number, now: number): boolean {
    if (!this.#core.submit(request, now)) return false;
    this.#deadlines.watch(request);
    return true;
  }

  advance(until: number, stopAtEnds: boolean): boolean {
    const core = this.#core;
    this.ended.length = 0;
    while (!core.idle && core.clock < until) {
      const gone = this.#deadlines.expire(core.clock, (i, cancelled) =>
        core.abort(i, core.requests.deadline[i] as number, cancelled ? status.cancelled : status.timedOut),
      );
      for (const i of gone) this.ended.push(i);
      if (core.idle) break;
      if (!core.step()) {
        // Only a request's own deadline (or an arrival, for a scheduler that waits) can change anything now.
        const next = Math.min(this.#deadlines.next, this.#patient ? until : Infinity);
        if (next === Infinity) return false;
        core.clock = Math.min(Math.max(core.clock, next), until);
        continue;
      }
      for (const i of core.ended) this.ended.push(i);
      if (stopAtEnds && this.ended.length > 0) return true;
    }
    return true;
  }
}
