/**
 * Data-parallel attention with expert parallelism: each rank schedules its own requests, but the experts are spread over all, so
 * every step starts together and lasts as long as its slowest rank. Ranks without work run along.
 */
import type { Core } from "../core.ts";
import { RankBalance } from "./rank-balance.ts";
import { Lanes } from "./lanes.ts";
import type { Replica } from "./replica.ts";

export class RankGroup implements Replica {
  readonly ended: number[] = [];
  readonly #ranks: readonly Core[];
  readonly #lanes: Lanes;
  readonly #balance: RankBalance;

  constructor(ranks: readonly Core[]) {
    this.#ranks = ranks;
    this.#balance = new RankBalance(ranks);
    this.#lanes = new Lanes(ranks);
  }

  get clock(): number {
    return Math.max(...this.#ranks.map((rank) => rank.clock));
  }
  get idle(): boolean {
    return this.#lanes.idle;
  }
  get load(): number {
    return this.#lanes.load;
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
    if (!this.#lanes.submit(request, least, now)) return false;
    if (!wasIdle) least.clock = this.clock;
    return true;
  }

  advance(until: number, stopAtEnds: boolean): boolean {
    this.ended.length = 0;
    while (!this.idle && this.clock < until) {
      const start = this.clock;
      for (const rank of this.#ranks) rank.clock = start;
      this.ended.push(...this.#lanes.expire(start));
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
