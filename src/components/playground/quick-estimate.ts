/** What the closed-form estimator says of a configuration, at once: beside the simulation, which refines it. */
import { estimateAtRate } from "../../engine/estimate/at-rate.ts";
import { estimate } from "../../engine/estimate/estimate.ts";
import type { MemoryBudget } from "../../engine/estimate/types.ts";
import type { Ranged } from "../../engine/metrics/types.ts";
import { meanLength } from "../../engine/workload/lengths.ts";
import type { RequestTable } from "../../engine/workload/request-table.ts";
import { meanLengths, type Setup } from "./configure.ts";

export interface QuickEstimate {
  /** Means, seconds; NaN where requests come faster than they are served. */
  readonly ttft: Ranged;
  readonly tpot: Ranged;
  readonly e2e: Ranged;
  /** Requests per second at saturation, where the load has a rate. */
  readonly capacity?: Ranged;
  readonly stable: boolean;
  readonly bound: string;
  readonly memory: MemoryBudget;
  /** What it takes the load for. */
  readonly takes: string;
}

/** null for a load that no mean describes: a burst, or a rate that grows. Throws InputError as the estimator does. */
export function quickEstimate({ server, load }: Setup, table: RequestTable | undefined): QuickEstimate | null {
  if (load.kind === "replay") return table === undefined ? null : ofTrace(server, load.speed, table);
  const { arrivals } = load.workload;
  const shape = meanLengths(load.workload, meanLength);
  if (arrivals.kind === "closed") {
    const { ttft, tpot, e2e, bound, memory } = estimate(server, {
      prompt: shape.prompt,
      output: shape.output,
      concurrency: arrivals.users,
    });
    return { ttft, tpot, e2e, bound, memory, stable: true, takes: "mean lengths, users who never pause" };
  }
  if (!("rate" in arrivals)) return null;
  const cached = server.scheduler?.enablePrefixCaching === false ? 0 : shape.cached;
  return atRate(server, { ...shape, cached, rate: arrivals.rate }, "mean lengths, arrivals at random");
}

function ofTrace(
  server: Setup["server"],
  speed: number,
  { at, prompt, output, count }: RequestTable,
): QuickEstimate | null {
  const span = (at[count - 1] ?? 0) / speed;
  if (!(span > 0)) return null;
  const mean = (values: Uint32Array) => values.reduce((sum, value) => sum + value, 0) / count;
  return atRate(
    server,
    { prompt: mean(prompt), output: mean(output), cached: 0, rate: count / span },
    "the trace’s mean lengths and mean rate, at random",
  );
}

function atRate(
  server: Setup["server"],
  load: { prompt: number; output: number; cached: number; rate: number },
  takes: string,
): QuickEstimate {
  const { ttft, tpot, e2e, capacity, stable, bound, memory } = estimateAtRate(server, load);
  return { ttft, tpot, e2e, capacity, stable, bound, memory, takes };
}
