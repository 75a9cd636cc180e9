/**
 * Prefill and decode on GPUs of their own. A prefill engine computes the prompt, its KV crosses a link, one request after another,
 * and a decode engine goes on; the prefill engine keeps the blocks until they have crossed.
 *
 * With vLLM the decode engine fetches: the request comes to it when its prompt is computed, waits there until it has a place and
 * blocks, and only then does its KV set out. The decode engine computes the prompt's last token again and gives every token of the
 * answer, as vLLM's connectors and its proxies do it. With other engines the KV sets out at once, and the first token is the
 * prefill engine's.
 */
import type { Core } from "../core.ts";
import { Deadlines } from "../clients/deadlines.ts";
import type { Replica } from "./replica.ts";
import { stages, status, type Requests } from "../requests.ts";

interface Event {
  readonly at: number;
  readonly happen: () => void;
}

type Fetch = (request: number, tokens: number, at: number) => void;

/** What decode engines that fetch call, before and after the replica around them exists. */
export class Fetches {
  listener: Fetch | undefined;
  readonly begin: Fetch = (request, tokens, at) => this.listener?.(request, tokens, at);
}

export class DisaggregatedReplica implements Replica {
  readonly ended: number[] = [];
  readonly #requests: Requests;
  readonly #prefill: readonly Core[];
  readonly #decode: readonly Core[];
  readonly #all: readonly Core[];
  readonly #secondsFor: (tokens: number) => number;
  readonly #fetches: boolean;
  readonly #deadlines: Deadlines;
  readonly #owner = new Map<number, Core>();
  /** Where prompts were computed, when, and how their blocks are given back. */
  readonly #sent = new Map<number, { readonly from: Core; readonly at: number; readonly release: () => void }>();
  /** In order of time. */
  readonly #events: Event[] = [];
  #linkFree = 0;
  /** Requests that have left a prefill engine and not reached a decode engine. */
  #between = 0;
  #stuck: Core | undefined;

  /** `secondsFor(tokens)`: time that the KV of so many tokens takes over the link. `fetches`: of decode engines that fetch. */
  constructor(
    prefill: readonly Core[],
    decode: readonly Core[],
    secondsFor: (tokens: number) => number,
    fetches?: Fetches,
  ) {
    this.#prefill = prefill;
    this.#decode = decode;
    this.#all = [...prefill, ...decode];
    this.#secondsFor = secondsFor;
    this.#requests = (prefill[0] as Core).requests;
    this.#deadlines = new Deadlines(this.#requests);
    this.#fetches = fetches !== undefined;
    if (fetches) fetches.listener = (i, tokens, at) => this.#at(at, () => this.#cross(i, tokens, at));
  }

  get clock(): number {
    if (this.idle) return Math.max(...this.#all.map((core) => core.clock));
    return this.#nextEvent();
  }
  get idle(): boolean {
    return this.#events.length === 0 && this.#all.every((core) => core.idle);
  }
  get load(): number {
    return this.#between + this.#all.reduce((sum, core) => sum + core.load, 0);
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
      while (this.#events.length > 0 && (this.#events[0] as Event).at <= now) (this.#events.shift() as Event).happen();
      const ready = this.#all.filter((c) => !c.idle && c.clock <= now);
      if (ready.length > 0 && !this.#steps(ready, now)) return false;
      if (stopAtEnds && this.ended.length > 0) return true;
    }
    return true;
  }

  #nextEvent(): number {
    let next = this.#events[0]?.at ?? Infinity;
    for (const core of this.#all) if (!core.idle && core.clock < next) next = core.clock;
    return next;
  }

  #at(at: number, happen: () => void): void {
    let k = this.#events.length;
    while (k > 0 && (this.#events[k - 1] as Event).at > at) k--;
    this.#events.splice(k, 0, { at, happen });
  }

  /** A step of an engine that can run one, or a wait for what may change that; false where nothing will. */
  #steps(ready: readonly Core[], now: number): boolean {
    const ran = ready.find((core) => core.step());
    if (ran) {
      for (const i of ran.ended) {
        if (this.#requests.stage[i] === stages.crossing) this.#send(i, ran);
        else this.ended.push(i);
      }
      return true;
    }
    // Engines that only had news to hear are idle by now.
    const waiting = ready.filter((core) => !core.idle);
    let next = Math.min(this.#events[0]?.at ?? Infinity, this.#deadlines.next);
    for (const core of this.#all) if (!core.idle && core.clock > now) next = Math.min(next, core.clock);
    this.#stuck = waiting[0];
    if (waiting.length > 0 && next === Infinity) return false;
    for (const core of waiting) core.clock = Math.max(core.clock, next);
    return true;
  }

  #send(i: number, from: Core): void {
    const at = from.clock;
    this.#sent.set(i, { from, at, release: setApart(from, i) });
    this.#between++;
    this.#at(at, () => {
      if (!this.#fetches) return this.#cross(i, this.#requests.prompt[i] as number, at);
      if (!this.#receive(i, at)) this.#giveBack(i, at);
    });
  }

  /** The decode engine with the fewest requests takes it; false where it was given up on the way. */
  #receive(i: number, at: number): boolean {
    this.#between--;
    if (this.#requests.stage[i] === stages.ended) return false;
    const core = leastLoaded(this.#decode);
    this.#owner.set(i, core);
    core.receive(i, at);
    return true;
  }

  /** The KV sets out over the link when that is free. */
  #cross(i: number, tokens: number, at: number): void {
    this.#linkFree = Math.max(at, this.#linkFree) + this.#secondsFor(tokens);
    const done = this.#linkFree;
    this.#at(done, () => this.#arrive(i, done));
  }

  #arrive(i: number, at: number): void {
    this.#requests.transfer[i] = at - (this.#sent.get(i)?.at as number);
    this.#giveBack(i, at);
    if (!this.#fetches) return void this.#receive(i, at);
    const core = this.#owner.get(i) as Core;
    core.notice(at, () => core.fetched(i));
  }

  /** The prefill engine has its blocks again. */
  #giveBack(i: number, at: number): void {
    const { from, release } = this.#sent.get(i) as { from: Core; release: () => void };
    this.#sent.delete(i);
    if (this.#fetches) from.notice(at, release);
    else release();
  }

  #expire(now: number): void {
    const gone = this.#deadlines.expire(now, (i, cancelled) => {
      const core = this.#owner.get(i) as Core;
      const unfetched = core.remote.expects(i);
      const gone = core.abort(i, this.#requests.deadline[i] as number, cancelled ? status.cancelled : status.timedOut);
      if (unfetched) this.#giveBack(i, now);
      return gone;
    });
    this.ended.push(...gone);
  }
}

/** A request's blocks stay taken, though it may hold others elsewhere, until the function returned is called. */
function setApart({ kv, requests }: Core, i: number): () => void {
  const swap = (blocks: number, hashed: number): [number, number] => {
    const before: [number, number] = [requests.blocks[i] as number, requests.hashed[i] as number];
    requests.blocks[i] = blocks;
    requests.hashed[i] = hashed;
    return before;
  };
  const held = swap(0, 0);
  return () => {
    const elsewhere = swap(...held);
    kv.release(i);
    swap(...elsewhere);
  };
}

function leastLoaded(cores: readonly Core[]): Core {
  let least = cores[0] as Core;
  for (const core of cores) if (core.load < least.load) least = core;
  return least;
}
