/** Whether something a lab sent is a Run that can be read without surprises: every column there, and as long as it says. */
import { statuses, tokenSources, type RequestColumns, type RequestFailure, type Run } from "../engine/run.ts";

const seconds = ["scheduled", "started", "headers", "firstEvent", "first", "last", "closed"] as const;
const counts = ["promptTokens", "cachedTokens", "outputTokens"] as const;
const small = ["preemptions", "replica"] as const;

/** Also true of Runs with columns that a later version adds. */
export function isRun(value: unknown): value is Run {
  if (!isObject(value)) return false;
  const { origin, workload, requests, chunks, itl, timeline, explain, failures, ended, measurement } =
    value as Partial<Run>;
  if (!isObject(origin) || !isObject(workload) || !isObject(requests)) return false;
  if (origin.kind === "measured" ? !isText(origin.target) : origin.kind !== "simulated") return false;
  return (
    areColumns(requests) &&
    optional(chunks, (c) => sameLength([c.t, c.request, c.tokens, c.kind]) && below(c.request, requests.count)) &&
    optional(itl, (h) => sameLength([h.upper, h.count])) &&
    optional(timeline, (t) => sameLength([t.t, t.batch, t.tokens, t.blocks, t.waiting, t.bound])) &&
    optional(explain, (e) => sameLength([requests.scheduled, ...Object.values(e)])) &&
    optional(ended, ({ reason, message }) => isText(reason) && isText(message)) &&
    optional(
      failures,
      (list) =>
        Array.isArray(list) &&
        list.length <= requests.count &&
        list.every(
          (f: unknown) => isObject(f) && isText((f as RequestFailure).kind) && isText((f as RequestFailure).message),
        ),
    ) &&
    optional(measurement, (m) => sameLength([requests.scheduled, m.askedPromptTokens, m.askedOutputTokens]))
  );
}

function areColumns(columns: RequestColumns): boolean {
  return (
    seconds.every((name) => columns[name] instanceof Float64Array) &&
    counts.every((name) => columns[name] instanceof Uint32Array) &&
    small.every((name) => columns[name] instanceof Uint16Array) &&
    columns.status instanceof Uint8Array &&
    columns.tokenSource instanceof Uint8Array &&
    sameLength(
      [...seconds, ...counts, ...small, "status" as const, "tokenSource" as const].map((name) => columns[name]),
    ) &&
    columns.count === columns.scheduled.length &&
    below(columns.status, statuses.length) &&
    below(columns.tokenSource, tokenSources.length)
  );
}

function sameLength(columns: readonly unknown[]): boolean {
  const [first] = columns;
  return (
    ArrayBuffer.isView(first) &&
    columns.every((column) => ArrayBuffer.isView(column) && lengthOf(column) === lengthOf(first))
  );
}

function lengthOf(column: ArrayBufferView): number {
  return (column as unknown as ArrayLike<number>).length;
}

function below(column: ArrayLike<number>, end: number): boolean {
  for (let i = 0; i < column.length; i++) if (!(column[i]! < end)) return false;
  return true;
}

function optional<T>(value: T | undefined, holds: (value: T) => boolean): boolean {
  return value === undefined || (isObject(value) && holds(value));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= 10_000;
}
