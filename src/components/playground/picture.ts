/** One configuration simulated and looked at from every side: what the charts and tables of the playground show. */
import { blocks } from "../../engine/chart/blocks.ts";
import { gantt } from "../../engine/chart/gantt.ts";
import { timeline } from "../../engine/chart/timeline.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";
import { goodput } from "../../engine/metrics/goodput.ts";
import { summarize } from "../../engine/metrics/summarize.ts";
import type { Slo } from "../../engine/metrics/types.ts";
import type { RequestColumns, Run } from "../../engine/run.ts";
import { simulate } from "../../engine/simulate/simulate.ts";
import { meanLength } from "../../engine/workload/lengths.ts";
import type { RequestTable } from "../../engine/workload/request-table.ts";
import { registerTrace } from "../../engine/workload/trace.ts";
import type { Workload } from "../../engine/workload/types.ts";
import type { Load, Setup } from "./configure.ts";
import { samplesOf, type Samples } from "./samples.ts";

/** Which part of the run the detailed charts show. */
export interface View {
  /** First request of the Gantt chart. */
  readonly from: number;
  /** Moment of the block map as a share of the run, 0–1; null for when most blocks are in use. */
  readonly at: number | null;
}

export const percentilesShown = [50, 95, 99] as const;

/** Seconds; NaN where nothing was measured. */
export interface Latency {
  readonly mean: number;
  /** At `percentilesShown`. */
  readonly at: readonly number[];
}

export interface Picture {
  /** Requests simulated, and asked for. */
  readonly simulated: number;
  readonly wanted: number;
  readonly seed: number;
  /** Why the run ended before all were served. */
  readonly ended?: string;
  readonly ttft: Latency;
  readonly tpot: Latency;
  readonly e2e: Latency;
  readonly outputTokensPerSecond: number;
  readonly requestsPerSecond: number;
  /** Seconds from the first request to the last answer. */
  readonly duration: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly preemptions: number;
  /** Shares, 0–1. */
  readonly cacheHitRate: number;
  readonly busy: number;
  /** Absent where no objective is set. */
  readonly good?: { readonly requestsPerSecond: number; readonly tokensPerSecond: number; readonly attainment: number };
  readonly samples: Samples;
  readonly requests: RequestColumns;
  readonly charts: readonly ChartDescription[];
}

/** Decode steps × sequences that a worker gets through between two frames of a screen that is not in a hurry. */
const tokensAtOnce = 250_000;
const [fewest, most] = [50, 1000] as const;
const rowsShown = 40;
const replayName = "the trace replayed";

/** How many requests are simulated while a slider moves. */
export function requestsWhileMoving(load: Load, table: RequestTable | undefined): number {
  const output =
    load.kind === "drawn" ? meanLength(load.workload.output) : meanOf(table?.output ?? new Uint32Array([1]));
  return Math.round(Math.min(most, Math.max(fewest, tokensAtOnce / Math.max(1, output))));
}

function meanOf(values: Uint32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** How many requests the load has in all. */
export function requestsOf(load: Load, table: RequestTable | undefined): number {
  if (load.kind === "drawn") return load.workload.requests ?? Infinity;
  return Math.min(table?.count ?? 0, load.limits.requests ?? Infinity);
}

/** The load as the engine takes it, of at most so many requests. `table`: of the trace that is replayed. */
export function workloadOf(load: Load, table: RequestTable | undefined, atMost: number): Workload {
  const requests = Math.min(atMost, requestsOf(load, table));
  if (load.kind === "drawn") return { ...load.workload, requests };
  if (table === undefined) throw new Error("a trace is replayed that nobody has read");
  registerTrace(replayName, { ...table, at: table.at.map((at) => at / load.speed) });
  const lengths = { kind: "fixed", value: 1 } as const;
  // The trace brings its own lengths.
  return { ...load.limits, arrivals: { kind: "trace", name: replayName }, prompt: lengths, output: lengths, requests };
}

/** Throws InputError for a server that can't be. `onProgress` is told shares, 0–1. */
export function picture(
  { server, load, slo }: Setup,
  {
    table,
    atMost,
    view,
    onProgress,
  }: {
    readonly table?: RequestTable | undefined;
    readonly atMost: number;
    readonly view: View;
    readonly onProgress?: (share: number) => void;
  },
): Picture {
  const workload = workloadOf(load, table, atMost);
  const run = simulate(server, workload, onProgress === undefined ? {} : { onProgress: (share) => onProgress(share) });
  const summary = summarize(run);
  const latency = (of: "ttft" | "tpot" | "e2e"): Latency => ({
    mean: summary[of].mean,
    at: percentilesShown.map((q) => (summary[of].n > 0 ? summary[of].p(q) : NaN)),
  });
  const good = goodOf(run, slo);
  return {
    simulated: run.requests.count,
    wanted: requestsOf(load, table),
    seed: seedOf(load),
    ...(run.ended && { ended: run.ended.message }),
    ttft: latency("ttft"),
    tpot: latency("tpot"),
    e2e: latency("e2e"),
    outputTokensPerSecond: summary.outputTokensPerSecond,
    requestsPerSecond: summary.requestsPerSecond,
    duration: summary.duration,
    succeeded: summary.succeeded,
    failed: summary.failed + summary.cancelled + summary.unsent,
    preemptions: summary.preemptions,
    cacheHitRate: summary.cacheHitRate,
    busy: run.timeline?.busy ?? NaN,
    ...(good && { good }),
    samples: samplesOf(run),
    requests: run.requests,
    charts: chartsOf(run, view),
  };
}

export function seedOf(load: Load): number {
  return (load.kind === "drawn" ? load.workload : load.limits).seed ?? 0;
}

export function goodOf(run: Run, slo: Slo): Picture["good"] {
  return Object.keys(slo).length === 0 ? undefined : goodput(run, slo);
}

function chartsOf(run: Run, view: View): readonly ChartDescription[] {
  const { count } = run.requests;
  if (count === 0) return [];
  const from = Math.min(view.from, Math.max(0, count - 1));
  const to = Math.min(count, from + rowsShown);
  const end = run.requests.closed.reduce((latest, at) => (at > latest ? at : latest), 0);
  return [
    timeline(run, { title: "The server, step by step" }),
    gantt(run, { title: "Requests over time", requests: [from, to] }),
    blocks(run, { title: "KV cache, block by block", ...(view.at !== null && { at: view.at * end }) }),
  ];
}
