/**
 * Which data-parallel rank a request goes to, as vLLM's own balancer decides (DPLBAsyncMPClient, 0.33): the rank with the fewest
 * requests, where those that wait count for more once a rank's KV cache is more than half full; among equals the scan starts one rank
 * further each time. What waits and how full a cache is comes from reports that are up to a tenth of a second old, with the requests
 * sent since counted as waiting; how many of its own are unfinished the balancer knows at once. Before 0.26 those that wait counted four
 * times beside those that run, and the scan always started at the first rank.
 */
import type { Core } from "../core.ts";

const reportEvery = 0.1;
const waitingWeight = 6;
const fullFrom = 0.5;
const earlierWaitingWeight = 4;

interface Report {
  waiting: number;
  readonly running: number;
  readonly kv: number;
}

export class RankBalance {
  readonly #ranks: readonly Core[];
  #reports: readonly Report[];
  #reported = 0;
  #first = 0;

  readonly #unfinished: boolean;

  constructor(ranks: readonly Core[]) {
    this.#ranks = ranks;
    this.#unfinished = (ranks[0] as Core).rules.balancesUnfinished;
    this.#reports = ranks.map(report);
  }

  pick(now: number): Core {
    if (now - this.#reported >= reportEvery) {
      this.#reports = this.#ranks.map(report);
      this.#reported = now;
    }
    const n = this.#ranks.length;
    let best = this.#first;
    let least = Infinity;
    for (let k = 0; k < n; k++) {
      const rank = (this.#first + k) % n;
      const score = this.#unfinished ? this.#pressure(rank) : this.#queue(rank);
      if (score >= least) continue;
      least = score;
      best = rank;
    }
    (this.#reports[best] as Report).waiting++;
    if (this.#unfinished) this.#first = (this.#first + 1) % n;
    return this.#ranks[best] as Core;
  }

  #pressure(rank: number): number {
    const { waiting, running, kv } = this.#reports[rank] as Report;
    const unfinished = Math.max((this.#ranks[rank] as Core).load, waiting + running);
    return unfinished + waiting * waitingWeight * Math.max(0, kv - fullFrom);
  }

  #queue(rank: number): number {
    const { waiting, running } = this.#reports[rank] as Report;
    return waiting * earlierWaitingWeight + running;
  }
}

function report({ load, waiting, kv }: Core): Report {
  return { waiting: waiting.size, running: load - waiting.size, kv: 1 - kv.free / kv.capacity };
}
