/** Where nothing meets everything: what comes nearest, and what would have to give. */
import { capacityOf, examine, type Capacity, type Possible } from "./candidate.ts";
import { countWithin, usdPerMonth } from "./counts.ts";
import { measureOf } from "./judge.ts";
import type { ResolvedQuestion } from "./question.ts";
import { rowOf } from "./row.ts";
import { search } from "./search.ts";
import { configurationsOf, type Configuration } from "./space.ts";
import type { NearestMiss, PlanRow } from "./types.ts";
import { inSeconds, inUsd } from "./words.ts";

/** Simulations that looking for the nearest miss may take. */
const most = 40;

/** At most two: the cheapest that keeps every goal, and what comes closest to the goals within the budget. */
export function nearestMisses(question: ResolvedQuestion): NearestMiss[] {
  return [dearer(question), slower(question)].filter((miss) => miss !== undefined);
}

/** The cheapest that keeps every goal, whatever it costs. */
function dearer(question: ResolvedQuestion): NearestMiss | undefined {
  if (question.usdPerMonth === Infinity) return undefined;
  const found = search({ ...question, usdPerMonth: Infinity, rows: 1 }, () => undefined);
  const row = found.rows[0];
  if (!row) return undefined;
  const over = row.usdPerMonth - question.usdPerMonth;
  return {
    row,
    words: `The cheapest that keeps every goal costs ${inUsd(row.usdPerMonth)} a month: raise the budget by ${inUsd(over)}.`,
  };
}

interface Affordable {
  readonly configuration: Configuration;
  readonly possible: Possible;
  readonly capacity: Capacity;
  readonly replicas: number;
  /** The worst of its goals can't be better than this. */
  readonly atBest: number;
}

/** With all the replicas that the budget buys, by the goal that is furthest from being kept. */
function slower(question: ResolvedQuestion): NearestMiss | undefined {
  const { workload, goals } = question;
  let best: { readonly worst: number; readonly at: Affordable; readonly row: PlanRow } | undefined;
  for (const at of affordable(question).slice(0, most)) {
    if (best && at.atBest >= best.worst) break;
    const { configuration, possible, capacity, replicas } = at;
    const confirmed = measureOf(configuration, question, workload.rate / replicas);
    const worst = Math.max(...confirmed.goals.map(({ of }) => of));
    if (best && worst >= best.worst) continue;
    best = {
      worst,
      at,
      row: rowOf(configuration, possible, { capacity, replicas, because: undefined, confirmed }, question),
    };
  }
  if (!best) return undefined;
  const { row } = best;
  const relax = row.confirmed.goals.flatMap(({ words, of }, g) =>
    of > 1
      ? [
          `${words} to ${goals[g]!.limits.map(([metric, seconds]) => `${metric.toUpperCase()} ≤ ${inSeconds(seconds * of)}`).join(" and ")}`,
        ]
      : [],
  );
  return {
    row,
    words: `Nearest within the budget is ${row.id} for ${inUsd(row.usdPerMonth)} a month: relax ${relax.join(", and ")}.`,
  };
}

/** What the budget buys enough of to carry the traffic, the most promising first. */
function affordable(question: ResolvedQuestion): Affordable[] {
  const { usdPerMonth: budget, space, workload, mostLoad } = question;
  const found = configurationsOf(question).flatMap((configuration): Affordable[] => {
    const replicas = countWithin(budget, configuration, space.replicas);
    if (replicas === 0) return [];
    const possible = examine(configuration, question);
    if ("reason" in possible) return [];
    const capacity = capacityOf(possible, question);
    if (workload.rate > mostLoad * capacity.requestsPerSecond * replicas) return [];
    return [{ configuration, possible, capacity, replicas, atBest: Math.max(0, ...possible.reaches) }];
  });
  return found.sort(
    (a, b) =>
      a.atBest - b.atBest || usdPerMonth(a.configuration, a.replicas) - usdPerMonth(b.configuration, b.replicas),
  );
}
