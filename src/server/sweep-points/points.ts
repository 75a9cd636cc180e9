/** The points of a simulated sweep: every combination of loads, servers and seeds, in one order that does not depend on who computes them. */
import { atLoad } from "../../engine/benchmark/sweep.ts";
import { checkShard, type Shard } from "../../engine/benchmark/shard.ts";
import { InputError } from "../../engine/errors.ts";
import type { Slo } from "../../engine/metrics/types.ts";
import type { Server } from "../../engine/server.ts";
import { simulate } from "../../engine/simulate/simulate.ts";
import type { Workload } from "../../engine/workload/types.ts";
import { reportOf, type Report } from "../../endpoint/report/run-report.ts";

/** Plain data, so that it can go to a thread. */
export interface Point {
  /** Place in the whole sweep, from 0. */
  readonly index: number;
  /** Requests per second, or users. */
  readonly load: number;
  readonly seed: number;
  readonly server: Server;
  readonly workload: Workload;
  readonly percentiles: readonly number[];
  readonly slo?: Slo;
}

/** A point that was simulated, or the reason why it can't be. */
export type PointResult = Omit<Point, "workload" | "percentiles" | "slo"> &
  ({ readonly report: Report } | { readonly refused: string });

interface Axes {
  readonly loads: readonly number[];
  readonly seeds: readonly number[];
  readonly servers: readonly Server[];
}

/** Throws InputError for arrivals that have no load to change. */
export function pointsOf(
  workload: Workload,
  { loads, seeds, servers }: Axes,
  about: Pick<Point, "percentiles" | "slo">,
): Point[] {
  return servers.flatMap((server, s) =>
    loads.flatMap((load, l) =>
      seeds.map((seed, k) => ({
        index: (s * loads.length + l) * seeds.length + k,
        load,
        seed,
        server,
        workload: { ...atLoad(workload, load), seed },
        ...about,
      })),
    ),
  );
}

/** The points of one machine of several: dealt out in turn, so that heavy loads do not all fall to one. */
export function pointsOfShard(points: readonly Point[], shard: Shard): Point[] {
  checkShard(shard);
  return points.filter(({ index }) => index % shard.of === shard.index);
}

/** A server or load that can't be is a result too: the rest of the sweep goes on. */
export function computePoint({ workload, percentiles, slo, ...point }: Point): PointResult {
  try {
    const run = simulate(point.server, workload);
    return { ...point, report: reportOf(run, { percentiles, ...(slo && { slo }) }) };
  } catch (error) {
    if (error instanceof InputError) return { ...point, refused: error.message };
    throw error;
  }
}
