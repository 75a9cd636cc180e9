/** Whether something is a Run that can be read without surprises: every column there, as long as it says, and its numbers possible. */
import { InputError } from "./errors.ts";
import { statuses, tokenSources, type Run } from "./run.ts";

/** The place that is wrong, what stands there, and what should. */
interface Fault {
  readonly field: string;
  readonly value: unknown;
  readonly allowed: string;
}

type Column = Float64ArrayConstructor | Uint32ArrayConstructor | Uint16ArrayConstructor | Uint8ArrayConstructor;
type Columns = Readonly<Record<string, Column>>;

const requestColumns: Columns = {
  scheduled: Float64Array,
  started: Float64Array,
  headers: Float64Array,
  firstEvent: Float64Array,
  first: Float64Array,
  last: Float64Array,
  closed: Float64Array,
  promptTokens: Uint32Array,
  cachedTokens: Uint32Array,
  outputTokens: Uint32Array,
  tokenSource: Uint8Array,
  status: Uint8Array,
  preemptions: Uint16Array,
  replica: Uint16Array,
};
const laterColumns: Columns = { promptSource: Uint8Array, visibleTokens: Uint32Array };
const chunkColumns: Columns = { t: Float64Array, request: Uint32Array, tokens: Uint16Array, kind: Uint16Array };
const timelineColumns: Columns = {
  t: Float64Array,
  batch: Uint32Array,
  tokens: Uint32Array,
  blocks: Uint32Array,
  waiting: Uint32Array,
  bound: Uint8Array,
};
const explainColumns: Columns = {
  queue: Float64Array,
  prefill: Float64Array,
  interference: Float64Array,
  preemption: Float64Array,
  decode: Float64Array,
  decodeInterference: Float64Array,
  decodePreemption: Float64Array,
};
const measurementColumns: Columns = { askedPromptTokens: Uint32Array, askedOutputTokens: Uint32Array };

/** Seconds from a run's start, in either direction: a clock's own zero (1970) is within it, what overflows a sum is not. */
const FURTHEST = 1e11;
const LONGEST_TEXT = 10_000;

/** Also true of Runs with columns that a later version adds. */
export function isRun(value: unknown): value is Run {
  return faultOf(value) === undefined;
}

/** Runs found good, so that a reader of one request after another does not check them all each time. */
const good = new WeakSet<object>();

/** Throws InputError naming the place, with a word on promises: `benchmark` without `await` is the usual slip. */
export function requireRun(field: string, run: unknown): asserts run is Run {
  if (isObject(run) && "then" in run) throw new InputError(field, "a promise", "a Run: put await before it");
  if (isObject(run) && good.has(run)) return;
  const fault = faultOf(run);
  if (fault === undefined) return void good.add(run as Run);
  throw new InputError(fault.field === "" ? field : `${field}.${fault.field}`, fault.value, fault.allowed);
}

function faultOf(run: unknown): Fault | undefined {
  if (!isObject(run)) return { field: "", value: run, allowed: "a Run" };
  const { origin, workload, requests, chunks, itl, timeline, explain, failures, ended, measurement, untimed } = run;
  if (!isObject(origin) || !isObject(requests)) return { field: "", value: run, allowed: "a Run" };
  if (origin.kind !== "simulated" && !(origin.kind === "measured" && isText(origin["target"])))
    return { field: "origin", value: origin, allowed: "where the run comes from: simulated, or measured on a target" };
  if (!isObject(workload) || !isObject(workload["arrivals"]))
    return { field: "workload", value: workload, allowed: "the workload of the run" };
  const count = requests["count"];
  if (typeof count !== "number" || (requests["scheduled"] as Float64Array | undefined)?.length !== count)
    return { field: "requests.count", value: count, allowed: "the length of the columns of requests" };
  return (
    wrongColumns("requests", requests, requestColumns, count) ??
    wrongColumns("requests", requests, laterColumns, count, true) ??
    wrongIndices("requests.status", requests["status"], statuses.length) ??
    wrongIndices("requests.tokenSource", requests["tokenSource"], tokenSources.length) ??
    optional("chunks", chunks, (c) => {
      const n = lengthOf(c["t"]);
      return wrongColumns("chunks", c, chunkColumns, n) ?? wrongIndices("chunks.request", c["request"], count);
    }) ??
    optional("itl", itl, (h) => {
      const upper = h["upper"];
      return (
        wrongColumns("itl", h, { upper: Float64Array, count: Float64Array }, lengthOf(upper)) ??
        wrongNumbers("itl", h, ["sum", "max"])
      );
    }) ??
    optional(
      "timeline",
      timeline,
      (t) => wrongColumns("timeline", t, timelineColumns, lengthOf(t["t"])) ?? wrongNumbers("timeline", t, ["busy"]),
    ) ??
    optional("explain", explain, (e) => wrongColumns("explain", e, explainColumns, count)) ??
    optional("measurement", measurement, (m) => wrongColumns("measurement", m, measurementColumns, count)) ??
    optional("untimed", untimed, (u) =>
      u["duration"] === undefined || isTime(u["duration"])
        ? undefined
        : { field: "untimed.duration", value: u["duration"], allowed: "a number of seconds" },
    ) ??
    optional("ended", ended, (e) =>
      isText(e["reason"]) && isText(e["message"]) ? undefined : { field: "ended", value: e, allowed: "a reason" },
    ) ??
    wrongFailures(failures, count)
  );
}

function wrongColumns(
  of: string,
  table: Readonly<Record<string, unknown>>,
  columns: Columns,
  length: number,
  optional = false,
): Fault | undefined {
  for (const [name, type] of Object.entries(columns)) {
    const column = table[name];
    const field = `${of}.${name}`;
    if (optional && column === undefined) continue;
    if (!(column instanceof type)) return { field, value: column, allowed: `a ${type.name}` };
    if (column.length !== length)
      return { field: `the length of ${field}`, value: column.length, allowed: `${length}, as of the other columns` };
    if (type !== Float64Array) continue;
    // A request may never have got that far; a chunk or a moment that is listed was.
    const unknown = of === "requests" || of === "explain";
    for (let i = 0; i < length; i++) {
      const seconds = column[i]!;
      if (!(Math.abs(seconds) <= FURTHEST) && !(unknown && Number.isNaN(seconds)))
        return { field: `${field}[${i}]`, value: seconds, allowed: `a number of seconds${unknown ? ", or NaN" : ""}` };
    }
  }
  return undefined;
}

function wrongIndices(field: string, column: unknown, end: number): Fault | undefined {
  const indices = column as ArrayLike<number>;
  for (let i = 0; i < indices.length; i++)
    if (!(indices[i]! < end)) return { field: `${field}[${i}]`, value: indices[i], allowed: `below ${end}` };
  return undefined;
}

function wrongNumbers(of: string, table: Readonly<Record<string, unknown>>, names: readonly string[]) {
  const name = names.find((name) => !isTime(table[name]));
  return name === undefined
    ? undefined
    : { field: `${of}.${name}`, value: table[name], allowed: "a number of seconds" };
}

function wrongFailures(failures: unknown, count: number): Fault | undefined {
  if (failures === undefined) return undefined;
  const listed =
    Array.isArray(failures) &&
    failures.length <= count &&
    failures.every((f: unknown) => isObject(f) && isText(f["kind"]) && isText(f["message"]));
  return listed ? undefined : { field: "failures", value: failures, allowed: "a list of what failed" };
}

function optional(
  field: string,
  value: unknown,
  fault: (value: Readonly<Record<string, unknown>>) => Fault | undefined,
): Fault | undefined {
  if (value === undefined) return undefined;
  return isObject(value) ? fault(value) : { field, value, allowed: "columns, or left out" };
}

function lengthOf(column: unknown): number {
  return column instanceof Float64Array ? column.length : 0;
}

function isTime(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= FURTHEST;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_TEXT;
}
