/** "Find it for me": servers that carry the traffic and keep what was promised, from the cheapest up. */
import { nearestMisses } from "./nearest-miss.ts";
import { resolveQuestion } from "./question.ts";
import { search } from "./search.ts";
import type { PlanAnswer, PlanQuestion } from "./types.ts";

/**
 * A plan is a configuration and a number of replicas. It will do if it fits, is priced within the budget, carries at most `mostLoad` of its capacity (closed form, at
 * the mean lengths), and a simulation of one replica under its share of the traffic keeps every goal at the upper end of each percentile's 95 %
 * interval. Taken by rising price, the answer holds the first plan that will do of each GPU and weight format until there are `rows` of them, and every plan that will do and
 * whose p99 the closed form expects to be a step smaller than that of all rows that cost no more. With `rows` Infinity it holds the first of each
 * configuration. What is not simulated is ruled out by a bound, or by the closed form where it expects twice what a goal allows.
 * `onProgress` is told a share, 0–1; return false to end with what was found so far. Throws InputError on bad input.
 */
export function findPlans(
  question: PlanQuestion,
  onProgress: (share: number) => boolean | void = () => {},
): PlanAnswer {
  const resolved = resolveQuestion(question);
  let ended = false;
  const found = search(resolved, (share) => {
    if (onProgress(share) === false) ended = true;
    return !ended;
  });
  return {
    ...found,
    nearest: found.rows.length > 0 || ended ? [] : nearestMisses(resolved),
    ended,
    rankBy: resolved.rankBy,
    model: resolved.model.name,
    assumed: resolved.model.assumed ?? [],
  };
}
