/** Everything that is worked out at once, before the simulation. */
import { answerApi, type ApiAnswer } from "./api-answer.ts";
import { breakEvenCalls, type BreakEven } from "./break-even.ts";
import { peakOverMean } from "./curves.ts";
import { answerOwn, type OwnAnswer } from "./own-answer.ts";
import type { Plan } from "./plan.ts";

export interface Answer {
  readonly plan: Plan;
  readonly api: ApiAnswer | null;
  readonly own: OwnAnswer | null;
  readonly breakEven: BreakEven | null;
}

/** `safe`: requests per second over all replicas that a simulation found safe, in place of the estimate's. */
export function answer(plan: Plan, safe?: number): Answer {
  const api = plan.api && answerApi(plan.api, plan.load);
  const own = plan.own && answerOwn(plan.own, plan.load, plan.objective);
  const breakEven =
    api && own?.peak && plan.own
      ? breakEvenCalls({
          apiPerRequest: api.perRequest.total,
          replicaPerHour: (plan.own.gpus / plan.own.resolved.replicas) * plan.own.usdPerHour * plan.own.operations,
          safePerReplica: (safe ?? own.safe) / plan.own.resolved.replicas,
          peakOverMean: peakOverMean(plan.load.hours),
        })
      : null;
  return { plan, api, own, breakEven };
}
