/** What the columns of a table are likely to be: which hold latencies, in which unit, which say when, how much, and what failed. */
import { unitNamed, type TimeUnit } from "./cell.ts";
import type { Table, TableColumn } from "./table.ts";

export const roles = ["ttft", "tpot", "e2e", "latency", "tokens", "time", "error", "group"] as const;
/** `latency`: a time whose kind the file does not say. */
export type Role = (typeof roles)[number];
export const timeRoles = ["ttft", "tpot", "e2e", "latency"] as const;

export interface ColumnGuess {
  readonly name: string;
  readonly role?: Role;
  readonly unit?: TimeUnit;
  /** Why that unit, in words. */
  readonly because?: string;
  /** Of this many rows it holds a number. */
  readonly numbers: number;
  /** The first few cells, as they stand. */
  readonly preview: readonly string[];
}

const PREVIEW = 4;

/** First match counts. */
const names: readonly (readonly [Role, RegExp])[] = [
  ["ttft", /ttft|time.?to.?first|first.?token/i],
  ["tpot", /tpot|time.?per.?output|per.?token|inter.?token|\bitl\b/i],
  ["tokens", /(output|completion|generated|decode).*(tok|len|sequence)|^(output.?)?tokens?$|^osl$/i],
  ["time", /time.?stamp|start|^(t|ts|date|when|at)$|arriv|scheduled|\.time$/i],
  ["e2e", /e2e|end.?to.?end/i],
  [
    "latency",
    /latenc|duration|elapsed|response.?time|request.?time|total.?time|^(rt|ms|time|ttime|value|wall.*|seconds?)$|\.value$|_value$/i,
  ],
  ["error", /err|status|success|^(ok|failed|fail)$|^outcome$/i],
  ["group", /group|model|endpoint|server|replica|host|label|variant|version|scenario|url|^name$|^run$/i],
];

const guessed = new WeakMap<Table, readonly ColumnGuess[]>();

/** One guess a column, in their order; a role goes to one column, and at least one column is a latency where any holds numbers. */
export function guessColumns(table: Table): readonly ColumnGuess[] {
  const known = guessed.get(table) ?? guess(table);
  guessed.set(table, known);
  return known;
}

function guess(table: Table): ColumnGuess[] {
  const taken = new Set<Role>();
  const found = table.columns.map((column) => ({ column, role: roleOf(column, taken) }));
  if (!found.some(({ role }) => role && isTime(role))) {
    const fit = found.filter(
      ({ column, role }) => !role && countNumbers(column) > 0 && !isIndex(column) && !isSinceEpoch(column),
    );
    const chosen =
      fit.at(-1) ??
      found.find(({ column, role }) => !role && countNumbers(column) > 0) ??
      found.find(({ column }) => countNumbers(column) > 0);
    if (chosen) chosen.role = "latency";
  }
  return found.map(({ column, role }) => ({
    name: column.name,
    ...(role ? { role } : {}),
    ...(role && (isTime(role) || role === "time") ? unitOf(column, role) : {}),
    numbers: countNumbers(column),
    preview: Array.from({ length: Math.min(PREVIEW, table.rows) }, (_, i) => cellText(column, i)),
  }));
}

export function isTime(role: Role): boolean {
  return (timeRoles as readonly Role[]).includes(role);
}

/** The name says that it is a time of a request. */
export function isNamedLatency({ name }: Pick<TableColumn, "name">): boolean {
  return names.some(([role, pattern]) => isTime(role) && pattern.test(name));
}

/** Moments counted from 1970, in any unit: they lie close together and far from 0, as no latencies do. */
export function isSinceEpoch({ values }: TableColumn): boolean {
  const [low, high] = values.reduce<[number, number]>(
    ([least, most], value) => (Number.isNaN(value) ? [least, most] : [Math.min(least, value), Math.max(most, value)]),
    [Infinity, -Infinity],
  );
  const scale = [1, 1e3, 1e6, 1e9].find((unit) => low >= 1.2e9 * unit && high <= 2.5e9 * unit);
  return scale !== undefined && high - low < 0.01 * high;
}

function roleOf(column: TableColumn, taken: Set<Role>): Role | undefined {
  const numbers = countNumbers(column);
  for (const [role, pattern] of names) {
    if (taken.has(role) || !pattern.test(column.name)) continue;
    if ((isTime(role) || role === "tokens") && (numbers === 0 || isSinceEpoch(column))) continue;
    if (role === "group" && numbers > 0 && numbers <= distinct(column) * 2) continue;
    taken.add(role);
    return role;
  }
  if (taken.has("time") || numbers === 0 || !isSinceEpoch(column)) return undefined;
  taken.add("time");
  return "time";
}

function cellText(column: TableColumn, row: number): string {
  const value = column.values[row];
  if (Number.isNaN(value)) return column.words[column.word[row]] ?? "";
  return `${value}${column.unit ? ` ${column.unit}` : ""}`;
}

export function countNumbers({ values }: TableColumn): number {
  let n = 0;
  for (const value of values) if (!Number.isNaN(value)) n++;
  return n;
}

function distinct({ values }: TableColumn): number {
  return new Set(values.subarray(0, 10_000)).size;
}

/** 0, 1, 2, 3 …: a number of the row. */
function isIndex({ values }: TableColumn): boolean {
  return values.length > 2 && values.every((value, i) => value === values[0]! + i);
}

/** By what cells say, by the name, else by how large the values are. */
export function unitOf(column: TableColumn, role: Role): { unit: TimeUnit; because: string } {
  if (column.unit) return { unit: column.unit, because: "the cells say so" };
  for (const word of column.name.split(/[^a-zµμ]+/i).toReversed()) {
    const unit =
      /^(m|s)$/.test(word) && !new RegExp(`[_ (\\[]${word}\\b`).test(column.name) ? undefined : unitNamed(word);
    if (unit) return { unit, because: "its name says so" };
  }
  const camel = /[a-z](Ms|Us|Ns|Seconds|Millis)$/.exec(column.name)?.[1];
  const fromCamel = camel ? unitNamed(camel) : undefined;
  if (fromCamel) return { unit: fromCamel, because: "its name says so" };
  const { middle, whole } = sizeOf(column);
  if (role === "time") {
    const steps: readonly (readonly [number, TimeUnit])[] = [
      [1e17, "ns"],
      [1e14, "us"],
      [1e11, "ms"],
    ];
    const unit = steps.find(([least]) => middle >= least)?.[1] ?? "s";
    return { unit, because: "its values look like times since 1970 or since the start" };
  }
  const said = `the middle value is ${Number(middle.toPrecision(3))}${whole ? ", and all are whole numbers" : ""}`;
  if (middle >= 1e8) return { unit: "ns", because: said };
  if (middle >= 1e5) return { unit: "us", because: said };
  if (middle >= 60 || (whole && middle >= 1)) return { unit: "ms", because: said };
  return { unit: "s", because: said };
}

function sizeOf({ values }: TableColumn): { middle: number; whole: boolean } {
  const some = values.filter((value) => !Number.isNaN(value)).subarray(0, 10_000);
  const whole = some.length > 0 && some.every((value) => Number.isInteger(value));
  return { middle: some.toSorted()[some.length >> 1] ?? 0, whole };
}
