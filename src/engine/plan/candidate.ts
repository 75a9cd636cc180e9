/** One configuration as a search knows it before it simulates: memory, bounds, capacity, and what the closed form expects. */
import { InputError } from "../errors.ts";
import { decodeFeatures } from "../estimate/features.ts";
import { laneOf, lanesOf } from "../estimate/lane.ts";
import { budgetOf } from "../estimate/memory.ts";
import { saturated, type Lane } from "../estimate/steady.ts";
import type { MemoryBudget } from "../estimate/types.ts";
import { resolveServer } from "../resolve.ts";
import type { ResolvedServer } from "../server.ts";
import { longestSequence } from "../simulate/build.ts";
import { alone } from "./alone.ts";
import { expected } from "./expect.ts";
import { decidingReach, percentileOf, type Latencies } from "./goals.ts";
import type { ResolvedQuestion } from "./question.ts";
import type { Configuration } from "./space.ts";
import { meansOf } from "./traffic.ts";
import type { Refusal } from "./types.ts";

export interface No {
  readonly reason: Refusal;
  readonly words: string;
}

export interface Possible {
  readonly resolved: ResolvedServer;
  readonly memory: MemoryBudget;
  readonly alone: Latencies;
  /** Seconds that the p99 which rows are ranked by can't undercut. */
  readonly fastest: number;
  /** Per goal, how far the request that decides it is beyond its limit on a server of its own: above 1, no load is small enough. */
  readonly reaches: readonly number[];
}

/** Whether the configuration can be at all: it divides, it fits, it holds the longest request. */
function standing(
  configuration: Configuration,
  question: ResolvedQuestion,
): No | Pick<Possible, "resolved" | "memory"> {
  let resolved: ResolvedServer;
  try {
    resolved = resolveServer(configuration.server);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { reason: "impossible", words: error.message };
  }
  const memory = budgetOf(resolved);
  if (!memory.fits)
    return { reason: "doesNotFit", words: memory.reason?.split(". What would help")[0] ?? "no room for a KV cache" };
  const room = memory.blocks >= 2 * resolved.dataParallel ? longestSequence(resolved) : 0;
  if (room >= question.maxModelLen) return { resolved, memory };
  return {
    reason: "tooLong",
    words: `the KV cache holds ${room} tokens, and the longest request needs ${question.maxModelLen}`,
  };
}

/** As far as can be said without load. */
export function examine(configuration: Configuration, question: ResolvedQuestion): No | Possible {
  const found = standing(configuration, question);
  if ("reason" in found) return found;
  const bounds = alone(found.resolved, question.table);
  return {
    ...found,
    alone: bounds,
    fastest: percentileOf(bounds[question.rankBy], 99),
    reaches: question.goals.map((goal) => decidingReach(goal, bounds)),
  };
}

/** A goal that no load is small enough for. */
export function tooSlow({ reaches }: Possible, { goals }: ResolvedQuestion): No | undefined {
  const broken = reaches.findIndex((each) => each > 1);
  if (broken < 0) return undefined;
  const times = Number(reaches[broken]!.toPrecision(3));
  return {
    reason: "tooSlow",
    words: `with the server to themselves, requests take ${times} times what ${goals[broken]!.words} allows`,
  };
}

export interface Capacity {
  readonly lane: Lane;
  /** Requests per second of one replica at saturation. */
  readonly requestsPerSecond: number;
  /** What more requests would run out of first. */
  readonly bound: string;
}

/** What one replica can carry, in closed form, at the traffic's mean lengths. */
export function capacityOf({ resolved, memory }: Possible, question: ResolvedQuestion): Capacity {
  const means = meansOf(question.table);
  const cached = resolved.scheduler.enablePrefixCaching
    ? means.prefix * cachedShare(memory, question, means.prefix)
    : 0;
  const lane = laneOf(resolved, memory, { prompt: means.prompt, cached, output: means.output });
  const full = saturated(lane);
  const running = Math.max(1, full.running);
  const { bound } = lane.step.cost(decodeFeatures(running, means.prompt + means.output / 2, lane.step.window));
  return {
    lane,
    requestsPerSecond: (full.requestsPerSecond * lanesOf(resolved)) / resolved.replicas,
    bound: running >= 0.95 * lane.holds ? "memory" : bound,
  };
}

/** Share of the prefixes that are found again: all of them while they take less than half of the KV cache. */
function cachedShare(memory: MemoryBudget, { workload }: ResolvedQuestion, prefix: number): number {
  if (!workload.prefix || prefix === 0) return 0;
  return Math.min(1, memory.cacheTokens / 2 / (workload.prefix.groups * prefix));
}

export interface Expectation {
  /** The p99 that rows are ranked by, seconds. */
  readonly p99: number;
  /** The goal that it breaks by most, and how far it is beyond: at most 1 where it keeps all. */
  readonly worst: number;
  readonly worstGoal: string;
}

/** What the closed form expects where each replica gets `rate` requests a second. */
export function expectationOf(
  { resolved, alone }: Possible,
  { lane }: Capacity,
  rate: number,
  { goals, table, rankBy }: ResolvedQuestion,
): Expectation {
  const latencies = expected(lane, (rate * resolved.replicas) / lanesOf(resolved), alone, table);
  if (!latencies) return { p99: Infinity, worst: Infinity, worstGoal: goals[0]?.words ?? "" };
  const reaches = goals.map((goal) => decidingReach(goal, latencies));
  const worst = Math.max(0, ...reaches);
  const p99 = percentileOf(latencies[rankBy], 99);
  return { p99, worst, worstGoal: goals[reaches.indexOf(worst)]?.words ?? "" };
}
