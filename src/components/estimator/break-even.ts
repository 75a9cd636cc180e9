/** From how many calls on GPUs of one's own are cheaper than an API. */
import { HOURS_PER_MONTH } from "../../engine/month.ts";

export interface BreakEven {
  /** Calls a month from which one replica is cheaper; null where no load makes it so. */
  readonly calls: number | null;
  /** Calls a month from which any number of replicas that the load needs is cheaper; null where none. */
  readonly forGood: number | null;
  /** Share of what a replica can safely take that costs as much as the API. Above 1: never. */
  readonly share: number;
  /** USD a month of one replica, and calls a month that it safely takes. */
  readonly perReplica: number;
  readonly callsPerReplica: number;
}

/**
 * `safePerReplica`: requests per second in the busiest hour that a replica takes within its objective; `peakOverMean`: how much more the
 * busiest hour asks for than the mean one. Replicas are paid around the clock.
 */
export function breakEvenCalls(o: {
  apiPerRequest: number;
  replicaPerHour: number;
  safePerReplica: number;
  peakOverMean: number;
}): BreakEven {
  const perReplica = o.replicaPerHour * HOURS_PER_MONTH;
  const callsPerReplica = (o.safePerReplica / o.peakOverMean) * 3600 * HOURS_PER_MONTH;
  const one = o.apiPerRequest > 0 ? perReplica / o.apiPerRequest : Infinity;
  const share = callsPerReplica > 0 ? one / callsPerReplica : Infinity;
  if (!(share <= 1)) return { calls: null, forGood: null, share, perReplica, callsPerReplica };
  // With r replicas the API is as dear at r × one calls; the next replica is bought at r × callsPerReplica. From some r on that is later.
  const replicas = Math.max(1, share < 1 ? Math.ceil(1 / (1 - share) - 1e-9) - 1 : Infinity);
  return {
    calls: one,
    forGood: Number.isFinite(replicas) ? replicas * one : null,
    share,
    perReplica,
    callsPerReplica,
  };
}

/** USD a month for so many calls, in whole replicas. */
export function ownMonth({ perReplica, callsPerReplica }: BreakEven, calls: number): number {
  return perReplica * Math.max(1, Math.ceil(calls / callsPerReplica - 1e-9));
}
