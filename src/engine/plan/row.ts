/** A row of the answer. */
import type { Capacity, Possible } from "./candidate.ts";
import { usdPerMonth } from "./counts.ts";
import type { ResolvedQuestion } from "./question.ts";
import type { Configuration } from "./space.ts";
import type { Confirmed, PlanRow } from "./types.ts";
import { limitOf } from "./words.ts";

/** `because` says why fewer replicas do not do. */
export function rowOf(
  configuration: Configuration,
  possible: Possible,
  plan: { capacity: Capacity; replicas: number; because: string | undefined; confirmed: Confirmed },
  question: ResolvedQuestion,
): PlanRow {
  const { capacity, replicas, because, confirmed } = plan;
  const { memory } = possible;
  const total = replicas * capacity.requestsPerSecond;
  const load = question.workload.rate / total;
  return {
    id: replicas > 1 ? `${replicas} × ${configuration.id}` : configuration.id,
    server: { ...configuration.server, ...(replicas > 1 && { replicas }) },
    gpus: configuration.gpus * replicas,
    replicas,
    usdPerMonth: usdPerMonth(configuration, replicas),
    price: configuration.price!,
    confirmed,
    capacity: total,
    load,
    weightsShare: memory.weights / memory.usable,
    cacheTokens: memory.cacheTokens,
    limit: limitOf({ because, capacity, load, confirmed }),
    onFront: false,
  };
}
