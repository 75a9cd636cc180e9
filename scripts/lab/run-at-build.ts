/** Runs a lab's compiled code in Node while the site is built, where nothing is measured: for its picture, and for what it searches. */
import type { ChartDescription, ChartOrigin } from "../../src/engine/chart/types.ts";
import { registerShippedTraces } from "../../src/engine/workload/traces/all.ts";
import { defaultParams, type LabDefinition } from "../../src/lab/definition.ts";
import { bindLab } from "../../src/lab/runtime.ts";

export interface Drawn {
  readonly description: ChartDescription;
  readonly origin: ChartOrigin;
}

/** Its exports and charts, under the lab's seed and defaults. Rejects with what the code throws. */
export async function runAtBuild(
  definition: LabDefinition,
  code: string,
): Promise<{ readonly exports: Readonly<Record<string, unknown>>; readonly charts: readonly Drawn[] }> {
  registerShippedTraces();
  const charts: Drawn[] = [];
  const nothing = () => undefined;
  const nowhere = () => Promise.reject(new Error("nothing is measured while the site is built"));
  const { random } = Math;
  const { log, warn, table } = console;
  bindLab({
    seed: definition.seed,
    params: defaultParams(definition),
    ...(definition.server && { server: definition.server }),
    parameters: definition.parameters,
    measured: false,
    replay: [],
    runs: [],
    charts: [],
    emit: (description, origin) => charts.push({ description, origin }),
    keep: nothing,
    progress: nothing,
    note: nothing,
    traceData: nothing,
    measure: nowhere,
    openStream: () => {
      throw new Error("nothing is measured while the site is built");
    },
  });
  Object.assign(console, { log: nothing, warn: nothing, table: nothing });
  try {
    const module: unknown = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(code)}`);
    return { exports: module as Readonly<Record<string, unknown>>, charts };
  } finally {
    Math.random = random;
    Object.assign(console, { log, warn, table });
  }
}
