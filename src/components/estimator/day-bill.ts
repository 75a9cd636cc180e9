/** What a day of GPUs costs under a daily curve: all of them around the clock, or as many replicas as each hour needs. */

export interface DayBill {
  /** USD a day: busy GPUs, idle GPUs, and what operations add. */
  readonly usd: number;
  readonly parts: { readonly busy: number; readonly idle: number; readonly operations: number };
  readonly gpuHours: number;
  /** Share of the paid GPU time that the load asks for. */
  readonly utilisation: number;
  /** Replicas paid for, hour by hour. */
  readonly replicas: readonly number[];
}

/**
 * `replicas` carry the busiest hour. With `hourly`, every other hour has as many as put the same load on each, and one at least.
 * An hour that asks for more than its replicas can do counts as fully busy.
 */
export function dayBill(o: {
  callsPerHour: readonly number[];
  /** Calls that one replica can serve in an hour. */
  capacityPerHour: number;
  replicas: number;
  gpusPerReplica: number;
  usdPerHour: number;
  operations: number;
  hourly: boolean;
}): DayBill {
  const peak = Math.max(...o.callsPerHour);
  const replicas = o.callsPerHour.map((calls) =>
    o.hourly ? Math.max(1, Math.ceil((o.replicas * calls) / peak - 1e-9)) : o.replicas,
  );
  let paid = 0;
  let busy = 0;
  replicas.forEach((count, hour) => {
    paid += count;
    busy += Math.min(count, o.callsPerHour[hour]! / o.capacityPerHour);
  });
  const gpuHours = paid * o.gpusPerReplica;
  const rent = gpuHours * o.usdPerHour;
  const utilisation = busy / paid;
  return {
    usd: rent * o.operations,
    parts: { busy: rent * utilisation, idle: rent * (1 - utilisation), operations: rent * (o.operations - 1) },
    gpuHours,
    utilisation,
    replicas,
  };
}
