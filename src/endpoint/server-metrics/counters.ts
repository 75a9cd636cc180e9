/** A server's own counters at one moment, by the engine's names, and what two moments say about the run between them. */
import type { ServerCounters } from "../../engine/run.ts";
import names from "./names.json" with { type: "json" };
import { readLabel, readPrometheus } from "./prometheus.ts";

export interface CounterSnapshot {
  readonly engine: string;
  readonly counters: Readonly<Record<string, number>>;
  readonly kvBlocks?: number;
  /** It says of itself that it is our simulated endpoint. */
  readonly simulated?: true;
}

/** Undefined where the text has none of the names that are known. */
export function readCounters(text: string): CounterSnapshot | undefined {
  const values = readPrometheus(text);
  for (const [engine, counterNames] of Object.entries(names.engines)) {
    const counters: Record<string, number> = {};
    for (const [counter, candidates] of Object.entries(counterNames)) {
      const found = candidates.find((name) => values.has(name));
      if (found !== undefined) counters[counter] = values.get(found)!;
    }
    if (Object.keys(counters).length === 0) continue;
    const blocks = Number(readLabel(text, names.kvBlocks.name, names.kvBlocks.label));
    const simulated = values.get(names.simulated) === 1;
    return {
      engine,
      counters,
      ...(blocks > 0 && { kvBlocks: blocks }),
      ...(simulated && { simulated: true as const }),
    };
  }
  return undefined;
}

/** Counters that went down (a restart) are left out. */
export function countersBetween(before: CounterSnapshot, after: CounterSnapshot): ServerCounters {
  const deltas: Record<string, number> = {};
  for (const [counter, value] of Object.entries(after.counters)) {
    const delta = value - (before.counters[counter] ?? NaN);
    if (delta >= 0) deltas[counter] = delta;
  }
  return {
    engine: after.engine,
    ...deltas,
    ...(after.kvBlocks !== undefined && { kvBlocks: after.kvBlocks }),
    ...(after.simulated && { simulated: true as const }),
  };
}
