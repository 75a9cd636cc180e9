/** Proves labs in Node: the same binding and grading as in the browser, without page or worker. */
import { bindLab, checksOf, grade } from "./runtime.ts";
import type { LabContext } from "./context.ts";
import type { LabDefinition } from "./definition.ts";
import { defaultParams } from "./definition.ts";
import type { CheckResult } from "./protocol.ts";
import { describeThrown } from "./sandbox/thrown.ts";
import type { Run } from "../engine/run.ts";
import { registerShippedTraces } from "../engine/workload/traces/all.ts";

registerShippedTraces();

export interface Proof {
  /** What the code threw while it ran, if it did. */
  readonly threw: string | null;
  readonly results: readonly CheckResult[];
}

/** Runs compiled code and its compiled checks with one seed; with `measured` Runs, as on an endpoint that gave these. */
export async function prove(
  definition: LabDefinition,
  code: string,
  checks: string,
  seed: number,
  measured?: readonly Run[],
): Promise<Proof> {
  const lab = { ...contextOf(definition, seed), ...(measured && { measured: true, replay: measured }) };
  const quiet = silence();
  try {
    bindLab(lab);
    const exports = await importCode(code);
    const results: CheckResult[] = [];
    await grade(
      checksOf(await importCode(checks)),
      lab,
      exports,
      (result) => results.push(result),
      (thrown) => describeThrown(thrown, new Map()),
    );
    return { threw: null, results };
  } catch (error) {
    return { threw: error instanceof Error ? `${error.name}: ${error.message}` : String(error), results: [] };
  } finally {
    quiet();
  }
}

/** Names of a compiled checks.ts, in order. */
export async function checkNames(checks: string): Promise<readonly string[]> {
  bindLab(contextOf(null, 0));
  return checksOf(await importCode(checks)).map(({ name }) => name);
}

/** The message that a wrong answer must get, from its first line `// must get: …`. */
export function mustGet(source: string, file: string): string {
  const found = /^\/\/ must get: (.+)$/m.exec(source.split("\n", 1)[0] ?? "");
  if (found?.[1] === undefined) throw new Error(`${file} must begin with "// must get: " and the message it must get`);
  return found[1];
}

function contextOf(definition: LabDefinition | null, seed: number): LabContext {
  const noEndpoint = () => Promise.reject(new Error("no endpoint here"));
  return {
    seed,
    params: definition === null ? {} : defaultParams(definition),
    ...(definition?.server === undefined ? {} : { server: definition.server }),
    parameters: definition?.parameters ?? "course-h100-v1",
    measured: false,
    replay: [],
    runs: [],
    charts: [],
    emit: () => undefined,
    keep: () => undefined,
    progress: () => undefined,
    note: () => undefined,
    traceData: () => undefined,
    measure: noEndpoint,
    openStream: () => {
      throw new Error("no endpoint here");
    },
  };
}

let loads = 0;

/** Imports code as a module of its own each time, so that it runs again. */
function importCode(code: string): Promise<Record<string, unknown>> {
  const url = `data:text/javascript;charset=utf-8,${encodeURIComponent(`${code}\n// ${++loads}`)}`;
  return import(/* @vite-ignore */ url) as Promise<Record<string, unknown>>;
}

/** Keeps a lab's output out of the terminal until the returned function is called. */
function silence(): () => void {
  const { log, info, warn, error, debug, table } = console;
  const nothing = () => undefined;
  Object.assign(console, {
    log: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    debug: nothing,
    table: nothing,
  });
  return () => Object.assign(console, { log, info, warn, error, debug, table });
}
