/** What a search says in words. */
import type { Confirmed, Refusal } from "./types.ts";

const running: Readonly<Record<string, string>> = {
  memory: "memory for KV cache",
  weights: "bandwidth for reading weights",
  kv: "bandwidth for reading the KV cache",
  compute: "arithmetic",
  communication: "the links between GPUs",
  overhead: "the host’s time between steps",
};

/** Why a row has as many replicas as it has, and what it would run out of first. */
export function limitOf({
  because,
  capacity,
  load,
  confirmed,
}: {
  because: string | undefined;
  /** What more requests would run out of first. */
  capacity: { readonly bound: string };
  load: number;
  confirmed: Confirmed;
}): string {
  const tightest = confirmed.goals.reduce<Confirmed["goals"][number] | undefined>(
    (worst, goal) => (worst && worst.of >= goal.of ? worst : goal),
    undefined,
  );
  const why =
    because === undefined
      ? `One replica is enough, at ${inPercent(load)} of what it can carry${tightest ? `; nearest to its limit is ${tightest.words}, at ${inPercent(tightest.of)} of it` : ""}.`
      : `With fewer replicas, ${because}.`;
  return `${why} At full load it runs out of ${running[capacity.bound] ?? capacity.bound} first.`;
}

export function overloaded(load: number, most: number): string {
  return `each would carry ${inPercent(load)} of what it can, and ${inPercent(most)} is the most it is given`;
}

const reasons: Readonly<Record<Refusal, readonly [one: string, many: string]>> = {
  unpriced: ["is on a GPU without a price", "are on GPUs without a price"],
  impossible: ["can’t be put together", "can’t be put together"],
  doesNotFit: ["doesn’t fit into memory", "don’t fit into memory"],
  tooLong: ["has no room for the longest request", "have no room for the longest request"],
  tooSlow: ["is too slow even without load", "are too slow even without load"],
  overBudget: ["costs more than the budget", "cost more than the budget"],
  tooManyReplicas: ["needs more replicas than are tried", "need more replicas than are tried"],
  missesSlo: ["misses the SLO with all that the budget buys", "miss the SLO with all that the budget buys"],
  noBetter: ["is no better than a cheaper one", "are no better than cheaper ones"],
};

export function sentenceOf(reason: Refusal, count: number, example: string): string {
  const [one, many] = reasons[reason];
  return `${count} ${count === 1 ? one : many}; for example ${example}.`;
}

function inPercent(share: number): string {
  return `${share < 0.1 ? Number((100 * share).toPrecision(2)) : Math.round(100 * share)} %`;
}

export function inUsd(usd: number): string {
  return `$${Math.round(usd).toLocaleString("en-US")}`;
}

export function inSeconds(seconds: number): string {
  return seconds < 1 ? `${Number((1000 * seconds).toPrecision(3))} ms` : `${Number(seconds.toPrecision(3))} s`;
}

export function inTimes(factor: number): string {
  return factor < Infinity ? `${Number(factor.toPrecision(3))} times` : "endlessly more than";
}
