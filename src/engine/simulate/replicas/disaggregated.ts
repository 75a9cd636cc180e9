/**
 * Prefill and decode on GPUs of their own. A prefill engine computes the prompt and gives the first token; the KV then crosses a
 * link, one request after another, and a decode engine goes on. The prefill engine keeps the blocks until they have crossed.
 */
import type { Core } from "../core.ts";
import { Deadlines } from "../clients/deadlines.ts";
import type { Replica } from "./replica.ts";
import { status, type Requests } from "../requests.ts";

interface Transfer {
  readonly request: number;
  readonly from: Core;
  readonly done: number;
}

export class DisaggregatedReplica implements Replica {
  readonly ended: number[] = [];
  readonly #requests: Requests;
  readonly #prefill: readonly Core[];
  readonly #decode: readonly Core[];
  readonly #all: readonly Core[];
  readonly #secondsFor: (tokens: number) => number;
  readonly #deadlines: Deadlines;
  readonly #owner = new Map<number, Core>();
  /** In order of arrival at the decode side; the link carries one at a time. */
  readonly #transfers: Transfer[] = [];
  #linkFree = 0;
  #stuck: Core | undefined;

  /** `secondsFor(tokens)`: time that the KV of so many tokens takes over the link. */
  constructor(prefill: readonly Core[], decode: readonly Core[], secondsFor: (tokens: number) => number) {
    this.#prefill = prefill;
    this.#decode = decode;
    this.#all = [...prefill, ...decode];
    this.#secondsFor = secondsFor;
    this.#requests = (prefill[0] as Core).requests;
    this.#deadlines = new Deadlines(this.#requests);
  }

  get clock(): number {
    if (this.idle) return Math.max(...this.#all.map((core) => core.clock));
    return this.#nextEvent();
  }
  get idle(): boolean {
    return this.#transfers.length === 0 && this.#all.every((core) => core.idle);
  }
  get load(): number {
    return this.#transfers.length + this.#all.reduce((sum, core) => sum + core.load, 0);
  }
  get busy(): number {
    return this.#all.reduce((sum, core) => sum + core.busy, 0) / this.#all.length;
  }
  get stuckOn(): number {
    return (this.#stuck as Core).waiting.at(0);
  }

  settle(): void {
    // The engines' columns are up to date after every step.
  }

  submit(request: number, now: number): boolean {
    const core = leastLoaded(this.#prefill);
    if (!core.submit(request, now)) return false;
    this.#owner.set(request, core);
    this.#deadlines.watch(request);
    return true;
  }

  advance(until: number, stopAtEnds: boolean): boolean {
    this.ended.length = 0;
    while (!this.idle) {
      const now = this.#nextEvent();
      if (now >= until) return true;
      this.#expire(now);
      this.#deliver(now);
      const core = this.#all.find((c) => !c.idle && c.clock <= now);
      if (core && !this.#step(core)) {
        this.#stuck = core;
        return false;
      }
      if (stopAtEnds && this.ended.length > 0) return true;
    }
    return true;
  }

  #nextEvent(): number {
    let next = this.#transfers[0]?.done ?? Infinity;
    for (const core of this.#all) if (!core.idle && core.clock < next) next = core.clock;
    return next;
  }

  /** One step of an engine; false when it can't go on and nothing on the way could change that. */
  #step(core: Core): boolean {
    if (!core.step()) {
      const next = Math.min(this.#transfers[0]?.done ?? Infinity, this.#deadlines.next);
      if (next === Infinity) return false;
      core.clock = Math.max(next, core.clock);
      return true;
    }
    for (const i of core.ended) {
      const whole = (this.#requests.generated[i] as number) >= (this.#requests.output[i] as number);
      if (whole) this.ended.push(i);
      else this.#send(i, core);
    }
    return true;
  }

  #send(i: number, from: Core): void {
    const start = Math.max(from.clock, this.#linkFree);
    this.#linkFree = start + this.#secondsFor(this.#requests.prompt[i] as number);
    this.#requests.transfer[i] = this.#linkFree - from.clock;
    this.#transfers.push({ request: i, from, done: this.#linkFree });
  }

  #deliver(now: number): void {
    while (this.#transfers.length > 0 && (this.#transfers[0] as Transfer).done <= now) {
      const { request, from, done } = this.#transfers.shift() as Transfer;
      from.kv.release(request);
      const core = leastLoaded(this.#decode);
      core.receive(request, done);
      this.#owner.set(request, core);
    }
  }

  #expire(now: number): void {
    const gone = this.#deadlines.expire(now, (i, cancelled) => {
      const core = this.#owner.get(i) as Core;
      return core.abort(i, this.#requests.deadline[i] as number, cancelled ? status.cancelled : status.timedOut);
    });
    this.ended.push(...gone);
  }
}

function leastLoaded(cores: readonly Core[]): Core {
  let least = cores[0] as Core;
  for (const core of cores) if (core.load < least.load) least = core;
  return least;
}
