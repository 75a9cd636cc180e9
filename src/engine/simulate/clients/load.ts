/** The clients: when each request leaves, given when earlier ones came back. Seconds. */
import type { RequestTable } from "../../workload/request-table.ts";
import type { Workload } from "../../workload/types.ts";

export interface Load {
  /** Whether what leaves depends on what came back. */
  readonly reactive: boolean;
  /** When the next request leaves; Infinity while none is known. */
  peek(): number;
  /** That request. Its times are in `scheduledAt` and `startedAt`. */
  take(): number;
  readonly scheduledAt: Float64Array;
  readonly startedAt: Float64Array;
  /** Rows of the run: all requests, or, where only time ends a closed loop, those that left. */
  readonly rows: number;
  /** A request came to its end, good or bad, at the client. */
  ended(request: number, t: number): void;
}

/** Open loop: every request has its own time. */
class OpenLoad implements Load {
  readonly reactive = false;
  readonly scheduledAt: Float64Array;
  readonly startedAt: Float64Array;
  readonly rows: number;
  #next = 0;

  constructor({ at, count }: RequestTable) {
    this.scheduledAt = this.startedAt = at;
    this.rows = count;
  }

  peek(): number {
    return this.#next < this.rows ? (this.scheduledAt[this.#next] as number) : Infinity;
  }

  take(): number {
    return this.#next++;
  }

  ended(): void {
    // Nobody waits for an answer.
  }
}

/** Requests ordered by the time at which they leave: a binary heap. */
class Departures {
  readonly #heap: { t: number; i: number }[] = [];

  get next(): number {
    return this.#heap[0]?.t ?? Infinity;
  }

  push(t: number, i: number): void {
    const heap = this.#heap;
    const entry = { t, i };
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (before(heap[parent] as typeof entry, entry)) break;
      heap[at] = heap[parent] as typeof entry;
      at = parent;
    }
    heap[at] = entry;
  }

  pop(): { t: number; i: number } {
    const heap = this.#heap;
    const top = heap[0] as { t: number; i: number };
    const entry = heap.pop() as typeof top;
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as typeof top, heap[child] as typeof top)) child++;
      if (before(entry, heap[child] as typeof top)) break;
      heap[at] = heap[child] as typeof top;
      at = child;
    }
    heap[at] = entry;
    return top;
  }
}

function before(a: { t: number; i: number }, b: { t: number; i: number }): boolean {
  return a.t !== b.t ? a.t < b.t : a.i < b.i;
}

/** Closed loops, sessions and a cap on concurrency: an answer lets something else leave. */
class ReactiveLoad implements Load {
  readonly reactive = true;
  readonly scheduledAt: Float64Array;
  readonly startedAt: Float64Array;
  readonly #table: RequestTable;
  readonly #departures = new Departures();
  readonly #cap: number;
  readonly #duration: number;
  readonly #users: boolean;
  readonly #openEnded: boolean;
  /** Turns that follow a request: next[i], or −1. */
  readonly #follower: Int32Array;
  /** Requests due but held back by the cap, first in first out. */
  readonly #held: number[] = [];
  #heldHead = 0;
  #inFlight = 0;
  #nextFree = 0;

  constructor(table: RequestTable, workload: Workload) {
    const { count } = table;
    this.#table = table;
    this.scheduledAt = Float64Array.from(table.at);
    this.startedAt = new Float64Array(count).fill(NaN);
    this.#cap = workload.maxConcurrency ?? Infinity;
    this.#duration = workload.duration ?? Infinity;
    this.#users = workload.arrivals.kind === "closed";
    this.#openEnded = this.#users && workload.requests === undefined && !table.after;
    this.#follower = new Int32Array(count).fill(-1);
    for (let i = 0; i < count; i++) {
      const before = table.after?.[i] ?? -1;
      if (before >= 0) this.#follower[before] = i;
    }
    if (workload.arrivals.kind === "closed") {
      for (let u = 0; u < workload.arrivals.users; u++) this.#nextOfUser(0);
    } else {
      for (let i = 0; i < count; i++) if ((table.at[i] as number) >= 0) this.#departures.push(table.at[i] as number, i);
    }
  }

  /** A user takes up the next request (or session) that nobody has. */
  #nextOfUser(t: number): void {
    const { count, after, pause } = this.#table;
    while (this.#nextFree < count && (after?.[this.#nextFree] ?? -1) >= 0) this.#nextFree++;
    if (this.#nextFree >= count || t >= this.#duration) return;
    const i = this.#nextFree++;
    this.#schedule(i, t > 0 ? t + (after ? 0 : (pause?.[i] ?? 0)) : 0);
  }

  #schedule(i: number, t: number): void {
    this.scheduledAt[i] = t;
    this.#departures.push(t, i);
  }

  peek(): number {
    return this.#departures.next;
  }

  get rows(): number {
    return this.#openEnded ? this.#nextFree : this.#table.count;
  }

  /** The next request to leave; −1 when the cap holds it back. */
  take(): number {
    const { t, i } = this.#departures.pop();
    if (this.#inFlight >= this.#cap) {
      this.#held.push(i);
      return -1;
    }
    this.#inFlight++;
    this.startedAt[i] = t;
    return i;
  }

  ended(i: number, t: number): void {
    this.#inFlight--;
    const follower = this.#follower[i] as number;
    if (follower >= 0) this.#schedule(follower, t + (this.#table.pause?.[follower] ?? 0));
    else if (this.#users) this.#nextOfUser(t);
    if (this.#heldHead < this.#held.length) this.#departures.push(t, this.#held[this.#heldHead++] as number);
  }
}

export function loadOf(table: RequestTable, workload: Workload): Load {
  const reactive =
    workload.arrivals.kind === "closed" || table.after !== undefined || workload.maxConcurrency !== undefined;
  return reactive ? new ReactiveLoad(table, workload) : new OpenLoad(table);
}
