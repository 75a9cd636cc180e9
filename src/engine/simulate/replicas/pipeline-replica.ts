/**
 * Pipeline parallelism: as many batches under way as there are stages, each a step behind the one before it. One KV cache holds the
 * sequences of all of them, and each has its share of the places; a request stays with the batch that took it in. vLLM forms each batch
 * from whoever is in none just then, which spreads requests alike, and takes blocks from whoever was admitted last in any batch; here
 * from the last of the batch that is short.
 */
import type { Core } from "../core.ts";
import { Lanes } from "./lanes.ts";
import type { Replica } from "./replica.ts";

export class PipelineReplica implements Replica {
  readonly ended: number[] = [];
  readonly #lanes: Lanes;
  #stuckOn = -1;

  /** `lanes`: one engine a batch, over one KV cache. */
  constructor(lanes: readonly Core[]) {
    this.#lanes = new Lanes(lanes);
  }

  get clock(): number {
    const { cores } = this.#lanes;
    const clocks = cores.filter((lane) => !lane.idle).map((lane) => lane.clock);
    return clocks.length > 0 ? Math.min(...clocks) : Math.max(...cores.map((lane) => lane.clock));
  }
  get idle(): boolean {
    return this.#lanes.idle;
  }
  get load(): number {
    return this.#lanes.load;
  }
  get busy(): number {
    const { cores } = this.#lanes;
    return cores.reduce((sum, lane) => sum + lane.busy, 0) / cores.length;
  }
  get stuckOn(): number {
    return this.#stuckOn;
  }

  settle(): void {
    // A lane's columns are up to date after every step.
  }

  submit(request: number, now: number): boolean {
    const { cores } = this.#lanes;
    let least = cores[0] as Core;
    for (const lane of cores) if (lane.load < least.load) least = lane;
    return this.#lanes.submit(request, least, now);
  }

  advance(until: number, stopAtEnds: boolean): boolean {
    this.ended.length = 0;
    while (!this.idle && this.clock < until) {
      const now = this.clock;
      this.ended.push(...this.#lanes.expire(now));
      const ready = this.#lanes.cores.filter((lane) => !lane.idle && lane.clock <= now);
      let ran = ready.length === 0;
      for (const lane of ready) {
        if (!lane.step()) continue;
        ran = true;
        this.ended.push(...lane.ended);
      }
      if (!ran && !this.#wait(ready, now)) return false;
      if (stopAtEnds && this.ended.length > 0) return true;
    }
    return true;
  }

  /** Batches that lack blocks go on when another step is over or someone gives up; false where neither is to come. */
  #wait(ready: readonly Core[], now: number): boolean {
    let next = this.#lanes.nextDeadline;
    for (const lane of this.#lanes.cores) if (!lane.idle && lane.clock > now) next = Math.min(next, lane.clock);
    if (next === Infinity) {
      const { waiting, running } = ready[0] as Core;
      this.#stuckOn = waiting.size > 0 ? waiting.at(0) : (running[0] as number);
      return false;
    }
    for (const lane of ready) lane.clock = Math.max(lane.clock, next);
    return true;
  }
}
