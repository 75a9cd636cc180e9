/** Finding published measurements: by what was run, near a load, in an order; and as files to take away. */
import { errorOf, type Measurement } from "../accuracy/measurements.ts";
import { quantities } from "../accuracy/words.ts";
import { toCsv } from "../charts/cells.ts";
import { readTyped } from "../tools/read-typed.ts";

export interface Search {
  readonly show: string;
  readonly model: string;
  readonly gpu: string;
  readonly engine: string;
  readonly load: string;
  /** Users, batch or requests at once, as typed; "" for any. */
  readonly near: string;
  readonly sort: string;
}

/** Columns that rows can be sorted by; a leading "-" in `sort` turns the order round. */
export const columns = {
  model: ({ model }: Measurement) => model,
  gpu: ({ gpu }: Measurement) => gpu,
  engine: ({ engine, version }: Measurement) => `${engine} ${version}`,
  load: ({ loadValue }: Measurement) => loadValue,
  prompt: ({ prompt }: Measurement) => prompt,
  measured: ({ measured }: Measurement) => measured,
  predicted: ({ predicted }: Measurement) => predicted,
  error: (row: Measurement) => errorOf(row),
} as const;
export type Column = keyof typeof columns;

/** Rows that fit, in the asked order; near a load those within a factor of two, the nearest first unless another order is asked. */
export function find(rows: readonly Measurement[], search: Search): Measurement[] {
  const quantity = quantities.find(({ id }) => id === search.show);
  const near = readTyped(search.near);
  const byLoad = search.near !== "" && near > 0;
  const far = ({ loadValue }: Measurement): number =>
    loadValue === null || loadValue <= 0 ? Infinity : Math.abs(Math.log2(loadValue / near));
  const found = rows.filter(
    (row) =>
      (quantity === undefined || quantity.holds(row)) &&
      (["model", "gpu", "engine", "load"] as const).every(
        (name) => search[name] === "" || row[name] === search[name],
      ) &&
      (!byLoad || far(row) <= 1),
  );
  const down = search.sort.startsWith("-");
  const column = search.sort.replace(/^-/, "");
  if (Object.hasOwn(columns, column))
    return found.sort((a, b) => compare(columns[column as Column](a), columns[column as Column](b), down));
  return byLoad ? found.sort((a, b) => far(a) - far(b)) : found;
}

/** What is not known comes last, whichever way. */
function compare(a: string | number | null, b: string | number | null, down: boolean): number {
  const [none, other] = [a, b].map((each) => each === null || Number.isNaN(each));
  if (none || other) return Number(none) - Number(other);
  const order =
    typeof a === "string" ? a.localeCompare(String(b), "en", { numeric: true }) : (a as number) - (b as number);
  return down ? -order : order;
}

const taken = [
  "model",
  "gpu",
  "gpus",
  "tensorParallel",
  "engine",
  "version",
  "weights",
  "kv",
  "load",
  "loadValue",
  "prompt",
  "output",
  "metric",
  "unit",
  "measured",
  "predicted",
  "roofline",
  "rule",
  "assumed",
  "publisher",
  "source",
  "date",
  "file",
  "row",
] as const;

/** SI units. */
export function csvOf(rows: readonly Measurement[]): string {
  return toCsv({ columns: taken, rows: rows.map((row) => taken.map((name) => row[name] ?? "")) });
}
