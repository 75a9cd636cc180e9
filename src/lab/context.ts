/** What a lab has to hand while it runs: its seed, parameters and server, and where its charts and Runs go. */
import type { ChartDescription, ChartOrigin } from "../engine/chart/types.ts";
import type { Run } from "../engine/run.ts";
import type { PackedTrace } from "../engine/workload/traces/decode.ts";
import type { Server } from "../engine/server.ts";
import type { Workload } from "../engine/workload/types.ts";

export interface TimedBytes {
  /** Seconds since the request left. */
  readonly t: number;
  readonly bytes: Uint8Array;
}

export interface LabContext {
  readonly seed: number;
  readonly params: Readonly<Record<string, number | string>>;
  /** The simulated server that `benchmark` runs on. */
  readonly server?: Server;
  /** Named parameter set that every Server without one gets. */
  readonly parameters: string;
  readonly measured: boolean;
  readonly replay: readonly Run[];
  readonly runs: Run[];
  readonly charts: ChartDescription[];
  emit(description: ChartDescription, origin: ChartOrigin): void;
  keep(run: Run): void;
  /** How far a long call is: a sign of life as well. `what`: of what; requests where it is not said. */
  progress(done: number, of: number, what?: string): void;
  /** A remark that stands under the results; the same one twice stands there once. */
  note(text: string): void;
  /** The data of a shipped trace, where this realm has it. */
  traceData(name: string): PackedTrace | undefined;
  measure(workload: Workload, warmup: number, onProgress: (done: number, of: number) => void): Promise<Run>;
  openStream(request: { prompt: string; maxTokens: number }): AsyncIterable<TimedBytes>;
}

let context: LabContext | null = null;

/** Binds "perflab" to a lab; the next call replaces it. */
export function enterLab(lab: LabContext): void {
  context = lab;
}

export function currentLab(): LabContext | null {
  return context;
}

/** @throws Error outside a lab, naming the function that needs one. */
export function insideLab(what: string): LabContext {
  if (context === null) throw new Error(`${what} works only inside a lab`);
  return context;
}
