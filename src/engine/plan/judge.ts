/** A plan on trial: one replica is simulated under its share of the traffic, and each request held against what was promised. */
import type { Run } from "../run.ts";
import { statuses } from "../run.ts";
import { simulate } from "../simulate/simulate.ts";
import { decidingReach, percentileOf, reach, type Goal, type Latencies } from "./goals.ts";
import type { ResolvedQuestion } from "./question.ts";
import type { Configuration } from "./space.ts";
import { simulated, trafficOf } from "./traffic.ts";
import type { Confirmed, LatencyMetric, Percentiles } from "./types.ts";

/** A quarter of the requests tells most plans that fail. */
const glance = simulated.requests / 4;

export interface Broken {
  readonly goal: Goal;
  /** Requests that were seen to miss it; more than it allows. */
  readonly missed: number;
  /** Requests that count in a whole simulation. */
  readonly counted: number;
}

/**
 * Whether a replica that gets `rate` requests a second keeps every goal. A plan that can't be saved any more is given up early: the first requests
 * of a run are the same in a longer one, so far as they had ended when the next came. Only a `doubtful` plan is worth that look, and only
 * under a goal that so few requests can break; what comes out is the same.
 */
export function judge(
  configuration: Configuration,
  question: ResolvedQuestion,
  rate: number,
  doubtful: boolean,
): Confirmed | Broken {
  if (doubtful && question.goals.some(({ allowed }) => allowed < glance - simulated.warmUp)) {
    const early = simulate(configuration.server, trafficOf(question.workload, rate, question.seed, glance));
    const broken = brokenIn(early, question, early.requests.scheduled[glance - 1]!);
    if (broken) return broken;
  }
  const run = simulate(configuration.server, trafficOf(question.workload, rate, question.seed));
  return brokenIn(run, question, Infinity) ?? confirmed(run, question, rate);
}

/** How a plan does, whether or not it keeps its goals. */
export function measureOf(configuration: Configuration, question: ResolvedQuestion, rate: number): Confirmed {
  return confirmed(simulate(configuration.server, trafficOf(question.workload, rate, question.seed)), question, rate);
}

export function isBroken(verdict: Confirmed | Broken): verdict is Broken {
  return "missed" in verdict;
}

/** The first goal that more requests miss than may, of those that count and had ended by `until`. */
function brokenIn(run: Run, { goals }: ResolvedQuestion, until: number): Broken | undefined {
  const latencies = latenciesOf(run);
  const ended = (k: number): boolean => until === Infinity || run.requests.closed[simulated.warmUp + k]! < until;
  for (const goal of goals) {
    let missed = 0;
    for (let k = 0; k < latencies.ttft.length; k++) if (ended(k) && reach(goal, latencies, k) > 1) missed++;
    if (missed > goal.allowed) return { goal, missed, counted: simulated.requests - simulated.warmUp };
  }
  return undefined;
}

/** Of the requests that count, by our own definitions; Infinity for one that was not answered. */
function latenciesOf({ requests }: Run): Latencies {
  const n = requests.count - simulated.warmUp;
  const latencies = { ttft: new Float64Array(n), tpot: new Float64Array(n), e2e: new Float64Array(n) };
  for (let k = 0; k < n; k++) {
    const i = simulated.warmUp + k;
    const answered = statuses[requests.status[i]!] === "succeeded";
    const started = requests.started[i]!;
    const first = requests.first[i]!;
    const last = requests.last[i]!;
    const gaps = requests.outputTokens[i]! - 1;
    latencies.ttft[k] = answered ? first - started : Infinity;
    latencies.tpot[k] = answered ? (gaps > 0 ? (last - first) / gaps : NaN) : Infinity;
    latencies.e2e[k] = answered ? last - started : Infinity;
  }
  return latencies;
}

function confirmed(run: Run, { goals }: ResolvedQuestion, rate: number): Confirmed {
  const { count, promptTokens, cachedTokens, preemptions } = run.requests;
  const latencies = latenciesOf(run);
  let prompt = 0;
  let cached = 0;
  let preempted = 0;
  for (let i = simulated.warmUp; i < count; i++) {
    prompt += promptTokens[i]!;
    cached += cachedTokens[i]!;
    preempted += preemptions[i]!;
  }
  const percentiles = (metric: LatencyMetric): Percentiles => ({
    p50: percentileOf(latencies[metric], 50),
    p95: percentileOf(latencies[metric], 95),
    p99: percentileOf(latencies[metric], 99),
  });
  return {
    requests: latencies.ttft.length,
    ttft: percentiles("ttft"),
    tpot: percentiles("tpot"),
    e2e: percentiles("e2e"),
    rate,
    preemptions: preempted,
    cacheHitRate: prompt > 0 ? cached / prompt : 0,
    goals: goals.map((goal) => ({ words: goal.words, of: decidingReach(goal, latencies) })),
  };
}
