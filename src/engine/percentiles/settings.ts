/** What a reader chooses about a table: which column is looked at, in which unit, and what else counts. */
import { InputError } from "../errors.ts";
import type { PercentileMethod, Slo } from "../metrics/types.ts";
import { unitSeconds, type TimeUnit } from "./cell.ts";
import { guessColumns, isTime, type Role } from "./columns.ts";
import { isFailure } from "./read-input.ts";
import { wordAt, type Table, type TableColumn } from "./table.ts";

export interface Mapping {
  readonly role: Role;
  readonly column: string;
  readonly unit?: TimeUnit;
}

export interface Settings {
  /** Instead of what was guessed; a role that is not here keeps its guess. */
  readonly mapping: readonly Mapping[];
  /** Columns that are guessed to be something and are nothing. */
  readonly unused: readonly string[];
  /** The same of B, where it was said; else B’s columns are what A’s of the same names are. */
  readonly b?: { readonly mapping: readonly Mapping[]; readonly unused: readonly string[] };
  /** The role that is looked at; default the first of ttft, tpot, e2e, latency. Or one of `derived`. */
  readonly metric?: Metric;
  readonly method: PercentileMethod;
  /** Requests left out at the start, in order of time. */
  readonly warmup: number;
  /** Seconds between requests that the client meant to keep; absent: no correction of omission. */
  readonly interval?: number;
  readonly slo: Slo;
  readonly fanOut: number;
  /** Percentile after which a second request is sent. */
  readonly hedge: number;
}

export const defaults: Settings = {
  mapping: [],
  unused: [],
  method: "linear",
  warmup: 0,
  slo: {},
  fanOut: 20,
  hedge: 95,
};

/** Worked out from the columns of each request: E2E over output tokens, and the time per token after the first. */
export const derived = ["e2e-per-token", "tpot-from-e2e"] as const;
export type Metric = "ttft" | "tpot" | "e2e" | "latency" | (typeof derived)[number];

export const metricLabel: Readonly<Record<Metric, string>> = {
  ttft: "TTFT",
  tpot: "TPOT",
  e2e: "E2E",
  latency: "Latency",
  "e2e-per-token": "E2E per output token",
  "tpot-from-e2e": "(E2E − TTFT) / (tokens − 1)",
};

/** Requests in order of time, warm-up left out; seconds, NaN where there is none. */
export interface Requests {
  readonly count: number;
  readonly metrics: ReadonlyMap<Metric, Float64Array>;
  /** Seconds since the first. */
  readonly time?: Float64Array;
  readonly failed: Uint8Array;
  /** Index into `groups`. */
  readonly group?: Uint16Array;
  readonly groups: readonly string[];
  readonly warmup: number;
  readonly mapping: readonly Mapping[];
}

/** What each column of a table is, guesses included; what was said of columns that this table does not have is no matter. */
export function mappingOf(table: Table, { mapping, unused }: Pick<Settings, "mapping" | "unused">): Mapping[] {
  const guesses = guessColumns(table);
  const said = mapping.filter(({ column }) => guesses.some(({ name }) => name === column));
  const asked = new Set(said.map(({ role }) => role));
  const given = new Set(said.map(({ column }) => column));
  const guessed = guesses.flatMap(({ name, role, unit }): Mapping[] =>
    role && !asked.has(role) && !given.has(name) && !unused.includes(name)
      ? [{ role, column: name, ...(unit ? { unit } : {}) }]
      : [],
  );
  return [
    ...said.map((m) => {
      const guess = guesses.find(({ name }) => name === m.column)?.unit;
      const unit = m.unit ?? guess ?? (isTime(m.role) || m.role === "time" ? "ms" : undefined);
      return { ...m, ...(unit ? { unit } : {}) };
    }),
    ...guessed,
  ];
}

export function requestsOf(table: Table, settings: Settings): Requests {
  const mapping = mappingOf(table, settings);
  const at = (role: Role) => mapping.find((m) => m.role === role);
  const column = (role: Role): TableColumn | undefined => table.columns.find(({ name }) => name === at(role)?.column);
  const seconds = (role: Role, found: TableColumn) => {
    const factor = unitSeconds[at(role)?.unit ?? "s"];
    return factor === 1 ? found.values : found.values.map((value) => value * factor);
  };

  const clock = timesOf(column("time"), at("time")?.unit ?? "s", table.rows);
  const order = orderOf(clock, table.rows);
  const { warmup } = settings;
  if (!(Number.isInteger(warmup) && warmup >= 0 && (warmup < table.rows || warmup === 0)))
    throw new InputError("warm-up requests", warmup, `a whole number from 0 to ${Math.max(0, table.rows - 1)}`);
  const kept = order ? order.subarray(warmup) : undefined;
  const pick = (values: Float64Array): Float64Array =>
    kept ? Float64Array.from(kept, (i) => values[i]) : values.subarray(warmup);
  const count = table.rows - warmup;

  const metrics = new Map<Metric, Float64Array>();
  for (const role of ["ttft", "tpot", "e2e", "latency"] as const) {
    const found = column(role);
    if (found) metrics.set(role, pick(seconds(role, found)));
  }
  const tokens = column("tokens");
  const [e2e, ttft] = [metrics.get("e2e") ?? metrics.get("latency"), metrics.get("ttft")];
  if (tokens && e2e) {
    const counts = pick(tokens.values);
    metrics.set(
      "e2e-per-token",
      e2e.map((value, i) => (counts[i] > 0 ? value / counts[i] : NaN)),
    );
    if (ttft && !metrics.has("tpot"))
      metrics.set(
        "tpot-from-e2e",
        e2e.map((value, i) => (counts[i] > 1 ? (value - ttft[i]) / (counts[i] - 1) : NaN)),
      );
  }

  const outcome = column("error");
  const row = (i: number) => (kept ? kept[i] : i + warmup);
  const failed = new Uint8Array(count);
  if (outcome)
    for (let i = 0; i < count; i++)
      failed[i] = isFailure(outcome.name, outcome.values[row(i)], wordAt(outcome, row(i))) ? 1 : 0;
  // "timeout" in place of a latency is a failure too.
  for (const role of ["ttft", "e2e", "latency"] as const) {
    const found = column(role);
    if (!found) continue;
    for (let i = 0; i < count; i++)
      if (found.word[row(i)] > 0 && /time.?out|err|fail|refus|abort/i.test(wordAt(found, row(i)))) failed[i] = 1;
  }
  const by = column("group");
  const { group, groups } = by ? groupsOf(by, count, row) : { group: undefined, groups: [] };
  return {
    count,
    metrics,
    ...(clock ? { time: sinceFirst(pick(clock)) } : {}),
    failed,
    ...(group ? { group } : {}),
    groups,
    warmup,
    mapping,
  };
}

/** Seconds; dates as text are read too. undefined where the column has none. */
function timesOf(column: TableColumn | undefined, unit: TimeUnit, rows: number): Float64Array | undefined {
  if (!column) return undefined;
  const dates = column.words.map((word) => Date.parse(word) / 1000);
  const times = new Float64Array(rows);
  let known = 0;
  for (let i = 0; i < rows; i++) {
    const value = column.values[i];
    times[i] = Number.isNaN(value) ? (dates[column.word[i]] ?? NaN) : value * unitSeconds[unit];
    if (!Number.isNaN(times[i])) known++;
  }
  return known > 0 ? times : undefined;
}

/** Rows in order of time, or undefined where they stand in it already. Rows without a time come last. */
function orderOf(times: Float64Array | undefined, rows: number): Uint32Array | undefined {
  if (!times) return undefined;
  let sorted = true;
  for (let i = 1; i < rows && sorted; i++) sorted = times[i] >= times[i - 1];
  if (sorted) return undefined;
  const key = times.map((t) => (Number.isNaN(t) ? Infinity : t));
  return Uint32Array.from({ length: rows }, (_, i) => i).sort((a, b) => (key[a] === key[b] ? a - b : key[a] - key[b]));
}

function sinceFirst(times: Float64Array): Float64Array {
  const first = times.find((t) => !Number.isNaN(t)) ?? 0;
  return times.map((t) => t - first);
}

const MOST_GROUPS = 50;

function groupsOf(column: TableColumn, count: number, row: (i: number) => number) {
  const index = new Map<string, number>();
  const group = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const value = column.values[row(i)];
    const name = Number.isNaN(value) ? wordAt(column, row(i)) || "(none)" : String(value);
    let at = index.get(name);
    if (at === undefined) index.set(name, (at = index.size));
    if (at >= MOST_GROUPS) return { group: undefined, groups: [] };
    group[i] = at;
  }
  return { group, groups: [...index.keys()] };
}
