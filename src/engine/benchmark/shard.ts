/** One schedule for several clients: which of its requests, users and places in flight belong to each. */
import { InputError } from "../errors.ts";
import type { Plan } from "./plan.ts";

/** The `index`-th of `of` clients, counted from 0 as Kubernetes counts the pods of a job. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/**
 * The part of a plan that one client sends. The requests keep their rows, so that every client knows the whole schedule; the chains
 * (conversations stay whole) are dealt out in turn. Of a closed loop, the users are dealt out, and the chains as the users: so that
 * each has as much to do. A cap on requests in flight is dealt out too. Throws InputError where there are fewer users, places
 * or chains than clients.
 */
export function shardPlan(plan: Plan, shard: Shard): Plan {
  checkShard(shard);
  const { users, maxConcurrency, chains } = plan;
  const least = Math.min(users ?? Infinity, maxConcurrency ?? Infinity, chains.length);
  if (least < shard.of) {
    const what = least === users ? "users" : least === maxConcurrency ? "places in flight" : "conversations";
    throw new InputError(
      "shard",
      `${shard.index}/${shard.of}`,
      `at most as many shards as there are ${what}: ${least}`,
    );
  }
  const own = chains.filter((_, c) => (users === undefined ? c : c % users) % shard.of === shard.index);
  return {
    ...plan,
    chains: own,
    rows: Uint32Array.from(own.flatMap(({ requests }) => requests)).sort(),
    ...(users !== undefined && { users: dealt(users, shard) }),
    ...(maxConcurrency !== undefined && { maxConcurrency: dealt(maxConcurrency, shard) }),
  };
}

/** How many of `n` things, dealt out in turn, one client has. */
export function dealt(n: number, { index, of }: Shard): number {
  return Math.floor((n - index + of - 1) / of);
}

/** Throws InputError for what can be no shard. */
export function checkShard(shard: Shard): void {
  // What a file says may be nothing at all.
  const { index, of } = (shard ?? {}) as Partial<Shard> as Shard;
  if (!(Number.isInteger(of) && of >= 1 && of <= MOST))
    throw new InputError("shard.of", of, `a whole number from 1 to ${MOST}`);
  if (!(Number.isInteger(index) && index >= 0 && index < of))
    throw new InputError("shard.index", index, `0 to ${of - 1}: shards are counted from 0`);
}

const MOST = 10_000;
