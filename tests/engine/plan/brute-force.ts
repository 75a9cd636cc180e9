/** The same answer by trying everything: every configuration at every count, in whole simulations, with no bound and no order. */
import { capacityOf, examine, expectationOf } from "../../../src/engine/plan/candidate.ts";
import { countFrom, usdPerMonth } from "../../../src/engine/plan/counts.ts";
import { measureOf } from "../../../src/engine/plan/judge.ts";
import { resolveQuestion, type ResolvedQuestion } from "../../../src/engine/plan/question.ts";
import { SCREEN, STEP } from "../../../src/engine/plan/search.ts";
import { configurationsOf, type Configuration } from "../../../src/engine/plan/space.ts";
import type { PlanQuestion } from "../../../src/engine/plan/types.ts";

interface Kept {
  readonly id: string;
  readonly configuration: string;
  readonly family: string;
  readonly usd: number;
  readonly expected: number;
}

export interface BruteForce {
  readonly rows: readonly Kept[];
  /** Plans that the closed form kept from being simulated, and how many of them a simulation would have let through. */
  readonly screened: number;
  readonly screenedWrongly: number;
}

export function bruteForce(question: PlanQuestion): BruteForce {
  const resolved = resolveQuestion(question);
  const counts = { screened: 0, screenedWrongly: 0 };
  const kept = configurationsOf(resolved).flatMap((configuration) => plansOf(configuration, resolved, counts));
  kept.sort((a, b) => a.usd - b.usd || a.expected - b.expected || (a.configuration < b.configuration ? -1 : 1));
  const families = new Set<string>();
  let fastest = Infinity;
  const rows = kept.filter(({ family, expected }) => {
    const cheapest = families.size < resolved.rows && !families.has(family);
    if (!cheapest && !(expected < STEP * fastest)) return false;
    families.add(family);
    fastest = Math.min(fastest, expected);
    return true;
  });
  return { rows, ...counts };
}

/** Every plan of a configuration that will do. */
function plansOf(
  configuration: Configuration,
  question: ResolvedQuestion,
  counts: { screened: number; screenedWrongly: number },
): Kept[] {
  const { workload, space, mostLoad, usdPerMonth: budget } = question;
  const possible = examine(configuration, question);
  if ("reason" in possible) return [];
  const capacity = capacityOf(possible, question);
  const kept: Kept[] = [];
  for (let n = 1; n <= space.replicas && usdPerMonth(configuration, n) <= budget; n = countFrom(n + 1)) {
    const rate = workload.rate / n;
    if (rate > mostLoad * capacity.requestsPerSecond) continue;
    const expectation = expectationOf(possible, capacity, rate, question);
    const keeps = measureOf(configuration, question, rate).goals.every(({ of }) => of <= 1);
    if (expectation.worst > SCREEN) {
      counts.screened++;
      if (keeps) counts.screenedWrongly++;
    } else if (keeps)
      kept.push({
        id: n > 1 ? `${n} × ${configuration.id}` : configuration.id,
        configuration: configuration.id,
        family: configuration.family,
        usd: usdPerMonth(configuration, n),
        expected: expectation.p99,
      });
  }
  return kept;
}
