/** The published measurements beside what our engine says of them: the file that pages fetch, and its rows. */

/** Text columns, each stored once a word. */
const wordColumns = [
  "table",
  "metric",
  "unit",
  "model",
  "gpu",
  "family",
  "engine",
  "version",
  "weights",
  "kv",
  "load",
  "assumed",
  "publisher",
  "source",
  "date",
  "file",
] as const;
/** Numbers; null where the row does not say, or where the figure is not defined. */
const numberColumns = [
  "row",
  "gpus",
  "tensorParallel",
  "loadValue",
  "prompt",
  "output",
  "measured",
  "predicted",
  "roofline",
  "rule",
] as const;

type Words = Readonly<Record<(typeof wordColumns)[number], string>>;
type Numbers = Readonly<Record<(typeof numberColumns)[number], number | null>>;

/**
 * One measurement. Values are in SI: seconds, bytes, tokens or requests a second (`unit`: s, B, B/s, tok/s, tok/s/GPU, req/s,
 * tokens). `load`: burst, closed, poisson, single, static, saturated, or "" for memory; `loadValue`: requests, users, requests
 * a second or batch, by `load`. `assumed`: inputs that the row leaves open, comma-separated.
 */
export interface Measurement extends Words, Numbers {
  readonly measured: number;
  readonly row: number;
}

/** The file as served: rows are arrays in the order of `columns`, and a text column holds an index into its `words`. */
export interface MeasurementFile {
  readonly note: string;
  readonly parameters: string;
  readonly columns: readonly string[];
  readonly words: Readonly<Record<string, readonly string[]>>;
  readonly rows: readonly (readonly (number | null)[])[];
}

export function packMeasurements(rows: readonly Measurement[], note: string, parameters: string): MeasurementFile {
  const words = Object.fromEntries(wordColumns.map((column) => [column, [...new Set(rows.map((row) => row[column]))]]));
  const at = Object.fromEntries(
    wordColumns.map((column) => [column, new Map(words[column]!.map((word, i) => [word, i]))]),
  );
  return {
    note,
    parameters,
    columns: [...wordColumns, ...numberColumns],
    words,
    rows: rows.map((row) => [
      ...wordColumns.map((column) => at[column]!.get(row[column])!),
      ...numberColumns.map((column) => rounded(row[column])),
    ]),
  };
}

export function unpackMeasurements({ columns, words, rows }: MeasurementFile): Measurement[] {
  return rows.map((cells) => {
    const entries = columns.map((column, i) => {
      const list = words[column];
      const cell = cells[i] ?? null;
      return [column, list === undefined ? cell : (list[cell ?? -1] ?? "")];
    });
    return Object.fromEntries(entries) as unknown as Measurement;
  });
}

/** To five significant digits, which is more than any source prints of a time. */
function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(5));
}

/** Where a source can be read: GitHub files are named as `github:owner/repository@commit:path`. Undefined for what has no address. */
export function addressOfSource(source: string): string | undefined {
  if (/^https?:\/\//.test(source)) return source.split(/\s/)[0];
  const found = /^github:([\w.-]+\/[\w.-]+)@([0-9a-f]+)[^:]*:([^\s#]+)/.exec(source);
  return found ? `https://github.com/${found[1]}/blob/${found[2]}/${found[3]}` : undefined;
}

/** |predicted − measured| ÷ measured; NaN where nothing is predicted. */
export function errorOf({ predicted, measured }: Measurement): number {
  return predicted === null ? NaN : Math.abs(predicted - measured) / measured;
}

/** The median of what is a number; NaN of nothing. */
export function medianOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = (known.length - 1) / 2;
  return known.length === 0 ? NaN : (known[Math.floor(middle)]! + known[Math.ceil(middle)]!) / 2;
}
