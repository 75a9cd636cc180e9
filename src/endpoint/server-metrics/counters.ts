/** A server's own counters at one moment, by the engine's names, and what two moments say about the run between them. */
import type { ServerCounters, ServerMean } from "../../engine/run.ts";
import names from "./names.json" with { type: "json" };
import { readLabel, readPrometheus } from "./prometheus.ts";

const serverMeans: readonly ServerMean[] = ["ttft", "itl", "e2e", "queue"];

export interface CounterSnapshot {
  readonly engine: string;
  readonly counters: Readonly<Record<string, number>>;
  /** Histograms so far, seconds and observations. */
  readonly histograms?: Readonly<Record<string, { readonly sum: number; readonly count: number }>>;
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
      histograms: histogramsOf(engine, values),
      ...(blocks > 0 && { kvBlocks: blocks }),
      ...(simulated && { simulated: true as const }),
    };
  }
  return undefined;
}

function histogramsOf(engine: string, values: ReadonlyMap<string, number>): NonNullable<CounterSnapshot["histograms"]> {
  const known = (names.histograms as Record<string, Record<string, string[]>>)[engine] ?? {};
  return Object.fromEntries(
    Object.entries(known).flatMap(([what, candidates]) => {
      const found = candidates.find((name) => values.has(`${name}_sum`));
      if (found === undefined) return [];
      return [[what, { sum: values.get(`${found}_sum`)!, count: values.get(`${found}_count`) ?? NaN }] as const];
    }),
  );
}

/** Counters that went down (a restart) are left out. */
export function countersBetween(before: CounterSnapshot, after: CounterSnapshot): ServerCounters {
  const deltas: Record<string, number> = {};
  for (const [counter, value] of Object.entries(after.counters)) {
    const delta = value - (before.counters[counter] ?? NaN);
    if (delta >= 0) deltas[counter] = delta;
  }
  const means: Record<string, number> = {};
  for (const what of serverMeans) {
    const [was, is] = [before.histograms?.[what], after.histograms?.[what]];
    const count = (is?.count ?? NaN) - (was?.count ?? NaN);
    const sum = (is?.sum ?? NaN) - (was?.sum ?? NaN);
    if (count > 0 && sum >= 0) means[what] = sum / count;
  }
  return {
    engine: after.engine,
    ...deltas,
    ...(Object.keys(means).length > 0 && { means }),
    ...(after.kvBlocks !== undefined && { kvBlocks: after.kvBlocks }),
    ...(after.simulated && { simulated: true as const }),
  };
}
