/**
 * KV of prompts that another engine computed, as vLLM's connectors fetch it: a request gets its blocks first, its KV comes while
 * others go on, and then it is the next to be taken in. The engine's worker looks for KV that has come when it launches a step,
 * and the scheduler is told with what that step gives.
 */
import type { Requests } from "./requests.ts";
import { stages } from "./requests.ts";
import { WaitingQueue } from "./waiting.ts";

export class RemoteKv {
  /** Requests whose KV has come; they hold blocks for it. */
  readonly ready: WaitingQueue;
  readonly #requests: Requests;
  readonly #expected = new Set<number>();
  readonly #underWay = new Set<number>();
  /** What has happened: not looked for yet, and by steps launched since it was seen. */
  #heard: (() => void)[] = [];
  readonly #seen: (() => void)[][] = [];

  constructor(requests: Requests, policy: "fcfs" | "priority") {
    this.#requests = requests;
    this.ready = new WaitingQueue(requests, policy);
  }

  /** Whether there is nothing to be taken in, and no news. */
  get quiet(): boolean {
    return this.ready.size === 0 && this.#heard.length === 0 && this.#seen.length === 0;
  }

  /** Requests that hold blocks and do not run. */
  get size(): number {
    return this.#underWay.size + this.ready.size;
  }

  /** Calls `visit` with each of them. */
  forEach(visit: (request: number) => void): void {
    this.#underWay.forEach(visit);
    for (let k = 0; k < this.ready.size; k++) visit(this.ready.at(k));
  }

  /** A request joins the waiting line whose prompt need not be computed. */
  expect(i: number): void {
    this.#expected.add(i);
  }

  expects(i: number): boolean {
    return this.#expected.has(i);
  }

  /** Its blocks are taken, its KV is on the way. */
  begin(i: number): void {
    this.#expected.delete(i);
    this.#underWay.add(i);
  }

  /** Its KV is there; false where it was given up meanwhile. The last token of a prompt is computed again, to sample from it. */
  came(i: number): boolean {
    this.#underWay.delete(i);
    if (this.#requests.stage[i] === stages.ended) return false;
    this.#requests.computed[i] = (this.#requests.prompt[i] as number) - 1;
    this.ready.append(i);
    return true;
  }

  /** Takes out a request that is given up; false where its place is in the waiting line. */
  remove(i: number): boolean {
    this.#expected.delete(i);
    const before = this.ready.size;
    this.ready.remove(i);
    return this.ready.size < before;
  }

  hear(then: () => void): void {
    this.#heard.push(then);
  }

  /** A step is launched: what has happened by now is seen with it. */
  poll(): void {
    this.#seen.push(this.#heard);
    this.#heard = [];
  }

  /** The first of the steps launched is over, and what was seen with it is known. */
  tell(): void {
    for (const then of this.#seen.shift() ?? []) then();
  }

  /** Nothing is being computed, so everything is known at once; whether there was anything. */
  flush(): boolean {
    if (this.#heard.length === 0 && this.#seen.length === 0) return false;
    const all = [...this.#seen.flat(), ...this.#heard];
    this.#seen.length = 0;
    this.#heard = [];
    for (const then of all) then();
    return all.length > 0;
  }
}
