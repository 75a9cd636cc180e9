/** Recorded traffic: traces are registered by name, by whoever loads their data, so that a bundle carries only what it uses. */
import { InputError } from "../errors.ts";
import type { RequestTable } from "./request-table.ts";
import { shippedTraces } from "./traces/names.ts";
import type { Workload } from "./types.ts";

const traces = new Map<string, RequestTable>();

/** Makes a trace available to `trace(name)`. */
export function registerTrace(name: string, table: RequestTable): void {
  traces.set(name, table);
}

function find(name: string): RequestTable {
  const table = traces.get(name);
  if (table) return table;
  const loaded = shippedTraces.includes(name)
    ? "loaded before it is replayed: registerShippedTraces() of engine/workload/traces/all.ts, or registerTrace(name, table), does it"
    : `one of ${[...new Set([...shippedTraces, ...traces.keys()])].sort().join(", ")}, or a name given to registerTrace(name, table)`;
  throw new InputError("trace", name, loaded);
}

/**
 * The recorded requests as a workload: arrival times, lengths and, where the trace has them, shared prefixes. `catalog.traces` lists
 * the names that ship. Throws InputError for an unknown name, and for one whose data nobody has loaded.
 */
export function trace(name: string): Workload {
  const table = find(name);
  return {
    arrivals: { kind: "trace", name },
    prompt: { kind: "empirical", values: Array.from(table.prompt) },
    output: { kind: "empirical", values: Array.from(table.output) },
    requests: table.count,
  };
}

/** The first rows of a trace that the workload's requests and duration allow. */
export function traceTable(name: string, workload: Workload): RequestTable {
  const table = find(name);
  const duration = workload.duration ?? Infinity;
  const limit = Math.min(table.count, workload.requests ?? Infinity);
  let n = 0;
  while (n < limit && (table.at[n] as number) < duration) n++;
  if (n === table.count) return table;
  return {
    count: n,
    at: table.at.subarray(0, n),
    prompt: table.prompt.subarray(0, n),
    output: table.output.subarray(0, n),
    ...(table.segments ? { segments: table.segments } : {}),
  };
}
