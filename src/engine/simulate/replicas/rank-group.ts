/**
 * Data-parallel attention with expert parallelism: each rank schedules its own requests, but the experts are spread over all, so
 * every step starts together and lasts as long as its slowest rank. Ranks without work run along.
 */
import type { Core } from "../core.ts";
import { RankBalance } from "./rank-balance.ts";
import { Deadlines } from "../clients/deadlines.ts";
import type { Replica } from "./replica.ts";
import { status } from "../requests.ts";

export class RankGroup implements Replica {
  readonly ended: number[] = [];
  readonly #ranks: readonly Core[];
  readonly #deadlines: Deadlines;
  readonly #rankOf = new Map<number, Core>();
  readonly #balance: RankBalance;

  constructor(ranks: readonly Core[]) {
    this.#ranks = ranks;
    this.#balance = new RankBalance(ranks);
    this.#deadlines = new Deadlines((ranks[0] as Core).requests);
  }

  get clock(): number {
    return Math.max(...this.#ranks.map((rank) => rank.clock));
  }
  get idle(): boolean {
    return this.#ranks.every((rank) => rank.idle);
  }
  get load(): number {
    return this.#ranks.reduce((sum, rank) => sum + rank.load, 0);
  }
  get busy(): number {
    return Math.max(...this.#ranks.map((rank) => rank.busy));
  }
  get stuckOn(): number {
    return (this.#ranks.find((rank) => rank.waiting.size > 0) as Core).waiting.at(0);
  }

  settle(): void {
    // A rank's columns are up to date after every step.
  }

  submit(request: number, now: number): boolean {
    const least = this.#balance.pick(now);
    const wasIdle = this.idle;
    if (!least.submit(request, now)) return false;
    if (!wasIdle) least.clock = this.clock;
    this.#rankOf.set(request, least);
    this.#deadlines.watch(request);
    return true;
  }

  advance(until: number, stopAtEnds: boolean): boolean {
    this.ended.length = 0;
    while (!this.idle && this.clock < until) {
      const start = this.clock;
      for (const rank of this.#ranks) rank.clock = start;
      const gone = this.#deadlines.expire(start, (i, cancelled) => {
        const rank = this.#rankOf.get(i) as Core;
        const at = rank.requests.deadline[i] as number;
        return rank.abort(i, at, cancelled ? status.cancelled : status.timedOut);
      });
      this.ended.push(...gone);
      const active = this.#ranks.filter((rank) => !rank.idle && rank.prepare());
      if (active.length === 0) return this.idle;
      const seconds = Math.max(...active.map((rank) => rank.duration()));
      for (const rank of active) {
        rank.commit(seconds);
        this.ended.push(...rank.ended);
      }
      if (stopAtEnds && this.ended.length > 0) return true;
    }
    return true;
  }
}
