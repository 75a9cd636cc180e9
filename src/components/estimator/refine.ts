/** The simulation behind the percentiles: one replica under its share of the busiest hour, its capacity, and the rate that keeps the promise. */
import { estimateAtRate } from "../../engine/estimate/at-rate.ts";
import { goodput } from "../../engine/metrics/goodput.ts";
import { summarize } from "../../engine/metrics/summarize.ts";
import type { Distribution, Slo } from "../../engine/metrics/types.ts";
import type { Run } from "../../engine/run.ts";
import type { Server } from "../../engine/server.ts";
import { simulate } from "../../engine/simulate/simulate.ts";
import type { Workload } from "../../engine/workload/types.ts";
import { generated, type Load, type Objective } from "./plan.ts";
import { requestsOf, workloadOf } from "./workload.ts";

export interface RefineQuestion {
  readonly server: Server;
  readonly load: Load;
  readonly objective: Objective;
  /** Tokens of the longest sequence that the server takes. */
  readonly context: number;
  /** Requests per second over all replicas in the busiest hour. */
  readonly rate: number;
  readonly replicas: number;
  readonly seed: number;
}

/** Seconds; low and high are the 95 % interval that so many requests allow, null where they are too few. */
export interface Quantiles {
  readonly n: number;
  readonly mean: number;
  readonly at: readonly {
    readonly q: number;
    readonly value: number;
    readonly interval: readonly [number, number] | null;
  }[];
}

export interface Refined {
  readonly seed: number;
  /** Requests per second over all replicas, as asked. */
  readonly rate: number;
  readonly requests: number;
  /** Requests per second over all replicas when none is ever short of work. */
  readonly capacity: number;
  readonly stable: boolean;
  readonly ttft: Quantiles | null;
  readonly tpot: Quantiles | null;
  readonly e2e: Quantiles | null;
  readonly cacheHitRate: number;
  readonly preemptions: number;
  /** Share of requests that kept the promise; null where nothing is promised or the server is not stable. */
  readonly attainment: number | null;
  /** Most requests per second, over all replicas, at which enough of them keep it; null where nothing is promised. */
  readonly safe: number | null;
}

export const percentilesShown = [50, 95, 99] as const;

/** Request-steps that one run may take, and how many requests that may be. */
const WORK = 1_500_000;
const MOST = 2000;
const FEWEST = 400;
const SEARCH_STEPS = 7;
/** How much of the bar the first two runs are. */
const SPENT = { capacity: 0.2, run: 0.5 };

export function refine(question: RefineQuestion, progress: (share: number) => void): Refined {
  const { load, objective, context, replicas, seed } = question;
  const { replicas: _, ...server } = question.server;
  const rate = question.rate / replicas;
  const requests = Math.round(Math.min(MOST, Math.max(FEWEST, WORK / Math.max(1, generated(load)))));
  const run = (workload: Workload, from: number, to: number): Run =>
    simulate(server, workload, { onProgress: (share) => progress(from + share * (to - from)) });

  const capacity = capacityOf(question, server, (workload) => run(workload, 0, SPENT.capacity));
  const promised = Object.keys(objective.slo).length > 0;
  const about = { seed, rate: question.rate, requests, capacity: capacity * replicas };
  const search = (from: number) =>
    promised
      ? replicas *
        safeRateOf(objective, capacity, (at, step) => {
          const share = (1 - from) / SEARCH_STEPS;
          return run(
            workloadOf(load, context, at, Math.ceil(requests / 2), seed),
            from + step * share,
            from + (step + 1) * share,
          );
        })
      : null;
  if (rate >= capacity) {
    const none = { ttft: null, tpot: null, e2e: null, cacheHitRate: 0, preemptions: 0, attainment: null };
    return { ...about, stable: false, ...none, safe: search(SPENT.capacity) };
  }
  const simulated = run(workloadOf(load, context, rate, requests, seed), SPENT.capacity, SPENT.run);
  const { ttft, tpot, e2e, cacheHitRate, preemptions } = summarize(simulated, { window: "steady" });
  return {
    ...about,
    stable: true,
    ttft: quantilesOf(ttft),
    tpot: generated(load) > 1 ? quantilesOf(tpot) : null,
    e2e: quantilesOf(e2e),
    cacheHitRate,
    preemptions,
    attainment: promised ? attainmentOf(simulated, objective.slo) : null,
    safe: search(SPENT.run),
  };
}

/** Throughput of a closed loop with more users than places, once it has filled. */
function capacityOf({ load, context, seed }: RefineQuestion, server: Server, run: (workload: Workload) => Run): number {
  const shape = { prompt: Math.max(1, load.promptMean), output: Math.max(1, generated(load)), rate: 1e-6 };
  const { holds } = estimateAtRate(server, shape);
  const users = Math.max(8, Math.min(1280, Math.ceil(1.25 * holds)));
  const requests = Math.min(4 * users, Math.max(2 * users, Math.ceil(WORK / shape.output)));
  const loop = run({ arrivals: { kind: "closed", users }, ...requestsOf(load, context), requests, seed });
  return summarize(loop, { window: "steady" }).requestsPerSecond;
}

function safeRateOf(
  { slo, attainment }: Objective,
  capacity: number,
  run: (rate: number, step: number) => Run,
): number {
  let low = 0;
  let high = capacity;
  for (let step = 0; step < SEARCH_STEPS; step++) {
    const middle = (low + high) / 2;
    if (attainmentOf(run(middle, step), slo) >= attainment) low = middle;
    else high = middle;
  }
  return low;
}

function attainmentOf(run: Run, slo: Slo): number {
  return goodput(run, slo, { window: "steady" }).attainment;
}

function quantilesOf(distribution: Distribution): Quantiles | null {
  if (distribution.n === 0) return null;
  const at = percentilesShown.map((q) => ({ q, value: distribution.p(q), interval: distribution.interval(q) }));
  return { n: distribution.n, mean: distribution.mean, at };
}
