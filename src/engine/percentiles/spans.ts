/** Latencies from moments: a table that says when a request left, when its first token came and when it ended. */
import { unitSeconds } from "./cell.ts";
import { isNamedLatency, unitOf } from "./columns.ts";
import { numberColumn, type Table, type TableColumn } from "./table.ts";

const isStart = /\b(start|started|sent|send|begin|began|arrival|arrived|scheduled|launched)\b/;
const isFirst = /\bfirst (token|chunk|byte|response)\b/;
const isEnd = /\b(end|ended|finish|finished|complete|completed|completion|done|last token)\b/;
const isSpan = /\b(ttft|e2e|latency|duration|elapsed|time to|end to end|tokens)\b/;

/** "requestStart_ns" → "request start ns". */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

/** Columns of moments become spans since the start: TTFT and E2E, in seconds. A table without them comes back as it is. */
export function withSpans(table: Table): Table {
  const named = (pattern: RegExp) =>
    table.columns.find(({ name }) => pattern.test(wordsOf(name)) && !isSpan.test(wordsOf(name)));
  const start = named(isStart);
  if (!start) return table;
  const from = momentsOf(start);
  const spans = new Map<TableColumn, TableColumn>();
  const take = (name: string, column: TableColumn | undefined) => {
    if (!column || column === start) return;
    const span = spanBetween(from, momentsOf(column));
    if (span) spans.set(column, numberColumn(`${name}, from ${column.name}`, span, "s"));
  };
  take("TTFT", named(isFirst));
  if (
    !table.columns.some((column) => isNamedLatency(column) && !isFirst.test(wordsOf(column.name)) && column !== start)
  )
    take("E2E", named(isEnd));
  return spans.size === 0 ? table : { ...table, columns: table.columns.map((column) => spans.get(column) ?? column) };
}

/** Seconds; dates as text are read too. */
function momentsOf(column: TableColumn): Float64Array {
  const { unit } = unitOf(column, "time");
  const dates = column.words.map((word) => Date.parse(word) / 1000);
  return column.values.map((value, i) =>
    Number.isNaN(value) ? (dates[column.word[i]] ?? NaN) : value * unitSeconds[unit],
  );
}

/** How alike two columns must rise for the later one to be moments too, and no latencies in the same unit. */
const LEAST_ALIKE = 0.5;

/** undefined where `to` are no moments after `from`. */
function spanBetween(from: Float64Array, to: Float64Array): Float64Array | undefined {
  const span = to.map((value, i) => value - from[i]);
  const rows = [...span.keys()].filter((i) => !Number.isNaN(span[i]));
  if (rows.length === 0 || rows.some((i) => span[i] < 0)) return undefined;
  const starts = rows.map((i) => from[i]);
  const isVaried = rows.length > 2 && starts.some((value) => value !== starts[0]);
  return isVaried &&
    correlation(
      starts,
      rows.map((i) => to[i]),
    ) < LEAST_ALIKE
    ? undefined
    : span;
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [i, value] of x.entries()) {
    xy += (value - mx) * (y[i] - my);
    xx += (value - mx) ** 2;
    yy += (y[i] - my) ** 2;
  }
  return yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}
