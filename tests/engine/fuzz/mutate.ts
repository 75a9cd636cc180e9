/** Arguments gone wrong: one place of a valid call, at any depth, replaced by what nobody expects there. */

/** What a form field, a JSON file, a division by zero or a slip of the pen puts where something else belongs. */
export const extremes: readonly unknown[] = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  -1,
  1,
  0.5,
  2.5,
  5e-324,
  1e-310,
  1e-9,
  1e9,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e21,
  1e308,
  -1e308,
  "",
  "7",
  "NaN",
  "__proto__",
  "constructor",
  "toString",
  null,
  undefined,
  true,
  7n,
  Symbol("s"),
  [],
  [NaN],
  [[]],
  {},
  { length: 2 },
  { length: 1e12 },
  { kind: "__proto__" },
  Object.create(null),
  () => NaN,
  () => undefined,
  new Date(NaN),
  new Map([[1, 2]]),
  new Float64Array(0),
  Float64Array.of(NaN),
  Float64Array.of(1e308, -1e308, 5e-324),
  Promise.resolve(1),
  "x".repeat(100_000),
];

export type Path = readonly (string | number)[];

const MOST_DEEP = 5;
/** Places looked into in one list. */
const MOST_WIDE = 3;

/** Every place of `args` down to five levels, arguments themselves first. */
export function placesOf(args: readonly unknown[]): Path[] {
  const places: Path[] = [];
  const walk = (value: unknown, path: Path): void => {
    if (path.length > 0) places.push(path);
    if (typeof value !== "object" || value === null || path.length >= MOST_DEEP) return;
    const keys = ArrayBuffer.isView(value) || Array.isArray(value) ? indices(value) : Object.keys(value);
    for (const key of keys) walk((value as Record<string | number, unknown>)[key], [...path, key]);
  };
  walk(args, []);
  return places;
}

function indices(list: ArrayLike<unknown> | ArrayBufferView): number[] {
  const { length } = list as ArrayLike<unknown>;
  return Array.from({ length: Math.min(length, MOST_WIDE) }, (_, i) => i);
}

/** A copy of `args` with `value` at `path`; what lies beside the path is shared, never written to. */
export function replaced(args: readonly unknown[], path: Path, value: unknown): unknown[] {
  return set(args, path, value) as unknown[];
}

function set(target: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof target !== "object" || target === null) return value;
  const copy = copyOf(target) as Record<string | number, unknown>;
  const inner = set((target as Record<string | number, unknown>)[key], rest, value);
  // A typed array takes what it can hold of a value, as it does everywhere.
  if (ArrayBuffer.isView(target)) copy[key] = typeof inner === "number" ? inner : NaN;
  else copy[key] = inner;
  return copy;
}

function copyOf(target: object): object {
  if (Array.isArray(target)) return [...(target as unknown[])];
  if (ArrayBuffer.isView(target)) return (target as Float64Array).slice();
  return { ...target };
}

/** A run of millions of requests is no fault, only long: `workload.requests` may be any number, and four million are run. */
export function tooLong(path: Path, value: unknown): boolean {
  return path.at(-1) === "requests" && typeof value === "number" && value > 1000;
}
