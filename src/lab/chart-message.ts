/** A chart as it arrives from a lab: measured before it is walked, then checked field by field, so that drawing can trust it. */
import type { ChartDescription } from "../engine/chart/types.ts";

/** What one chart may hold. What the engine describes is well below; a message above is none of the engine's. */
export const chartLimits = {
  /** Values, names and objects, counted one by one. */
  values: 800_000,
  bytes: 24e6,
  depth: 8,
  /** Points, cells, spans or moments of the picture. */
  points: 250_000,
  series: 64,
  rows: 25_000,
  columns: 420,
  text: 500,
  sentence: 20_000,
} as const;

/** Why a value can't be a chart, or null. Takes a bounded time whatever the value is and says about itself. */
export function chartProblem(value: unknown): string | null {
  const size = measure(value);
  if (size !== null) return `a chart that ${size}`;
  const c = value as Partial<ChartDescription>;
  if (!isObject(c)) return "a chart that is no object";
  const draws = isText(c.kind) && Object.hasOwn(specs, c.kind) ? specs[c.kind] : undefined;
  if (draws === undefined) return "a chart of no known kind";
  if (!isText(c.title)) return "a chart whose title is no short text";
  if (typeof c.finding !== "string" || c.finding.length > chartLimits.sentence)
    return "a chart whose finding is no text";
  if (!optional(isText)(c.note)) return "a chart whose note is no short text";
  if (!isTable(c.table)) return "a chart whose table is none";
  if (!isObject(c.spec) || !draws(c.spec)) return `a chart that is no ${c.kind}`;
  return null;
}

/** Null within the limits. Lengths are believed before items are looked at: a list that says it is too long is too long. */
function measure(root: unknown): string | null {
  let values = 0;
  let bytes = 0;
  const stack: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, depth } = next;
    if (++values > chartLimits.values) return "holds too many values";
    if (typeof value === "string") bytes += 2 * value.length;
    else if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    else if (typeof value === "object" && value !== null) {
      if (depth >= chartLimits.depth) return "is nested too deeply";
      if (Array.isArray(value)) {
        if (values + value.length > chartLimits.values) return "holds too many values";
        for (const item of value) stack.push({ value: item, depth: depth + 1 });
      } else if (Object.getPrototypeOf(value) !== Object.prototype) return "holds something other than plain data";
      else
        for (const name in value) {
          if (values + stack.length > chartLimits.values) return "holds too many values";
          bytes += 2 * name.length;
          stack.push({ value: (value as Record<string, unknown>)[name], depth: depth + 1 });
        }
    }
    if (bytes > chartLimits.bytes) return "is too large";
  }
  return null;
}

type Fields = Readonly<Record<string, unknown>>;
type Test = (value: unknown) => boolean;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isText = (value: unknown): value is string => typeof value === "string" && value.length <= chartLimits.text;
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const listOf =
  (most: number, test: Test): Test =>
  (value) =>
    // `every` leaves out holes.
    Array.isArray(value) && value.length <= most && !value.includes(undefined) && value.every(test);
const isCell: Test = (value) =>
  typeof value === "number" || (typeof value === "string" && value.length <= 4 * chartLimits.text);

const isTable: Test = (value) =>
  isObject(value) &&
  listOf(chartLimits.columns, isText)(value["columns"]) &&
  listOf(chartLimits.rows, listOf(chartLimits.columns, isCell))(value["rows"]) &&
  optional(isText)(value["note"]);

const isAxis: Test = (value) =>
  isObject(value) &&
  isText(value["label"]) &&
  optional(isText)(value["unit"]) &&
  optional((scale) => scale === "linear" || scale === "log")(value["scale"]);

const isPlace = (axis: unknown): Test =>
  isObject(axis) && axis["scale"] === "log" ? (value) => isNumber(value) && value > 0 : isNumber;

/** NaN is a cell without a value. */
const isCellOf =
  (axis: unknown): Test =>
  (value) =>
    Number.isNaN(value) || isPlace(axis)(value);

const areMarks = (x: unknown, y: unknown): Test =>
  optional(
    listOf(
      chartLimits.series,
      (mark) =>
        isObject(mark) && isText(mark["label"]) && optional(isPlace(x))(mark["x"]) && optional(isPlace(y))(mark["y"]),
    ),
  );

/** A list of `length` numbers. */
const isColumn =
  (length: number, test: Test = isNumber): Test =>
  (value) => {
    if (!Array.isArray(value) && (!ArrayBuffer.isView(value) || value instanceof DataView)) return false;
    const column = value as ArrayLike<unknown>;
    if (column.length !== length || length > chartLimits.points) return false;
    for (let i = 0; i < length; i++) if (!test(column[i])) return false;
    return true;
  };

function isSeriesSpec(spec: Fields): boolean {
  const { x, y, series, marks } = spec;
  if (!isAxis(x) || !isAxis(y) || !areMarks(x, y)(marks)) return false;
  let points = 0;
  const isPoint: Test = (point) =>
    isObject(point) &&
    isPlace(x)(point["x"]) &&
    isPlace(y)(point["y"]) &&
    optional(isPlace(y))(point["low"]) &&
    optional(isPlace(y))(point["high"]) &&
    optional(isText)(point["label"]);
  return listOf(chartLimits.series, (one) => {
    if (!isObject(one) || !isText(one["name"]) || !Array.isArray(one["points"])) return false;
    points += one["points"].length;
    return points <= chartLimits.points && listOf(chartLimits.points, isPoint)(one["points"]);
  })(series);
}

function isCategorySpec({ y, categories, series, stacked, marks }: Fields): boolean {
  return (
    isAxis(y) &&
    listOf(chartLimits.columns, isText)(categories) &&
    (categories as unknown[]).length > 0 &&
    optional((v) => typeof v === "boolean")(stacked) &&
    areMarks(undefined, y)(marks) &&
    listOf(
      chartLimits.series,
      (one) =>
        isObject(one) && isText(one["name"]) && isColumn((categories as unknown[]).length, isPlace(y))(one["values"]),
    )(series)
  );
}

const specs: Readonly<Record<string, (spec: Fields) => boolean>> = {
  line: isSeriesSpec,
  scatter: isSeriesSpec,
  ecdf: isSeriesSpec,
  percentiles: isSeriesSpec,
  bars: isCategorySpec,
  waterfall: isCategorySpec,
  table: () => true,
  histogram: ({ x, y, edges, series, marks }) =>
    isAxis(x) &&
    isAxis(y) &&
    areMarks(x, y)(marks) &&
    listOf(chartLimits.columns, isPlace(x))(edges) &&
    (edges as unknown[]).length > 1 &&
    listOf(
      chartLimits.series,
      (one) => isObject(one) && isText(one["name"]) && isColumn((edges as unknown[]).length - 1)(one["counts"]),
    )(series),
  heatmap: ({ x, y, z, values }) => {
    if (!isAxis(x) || !isAxis(y) || !isAxis(z)) return false;
    const [across, down] = [(x as Fields)["values"], (y as Fields)["values"]];
    const side = listOf(chartLimits.columns, isNumber);
    return (
      side(across) &&
      side(down) &&
      isColumn((across as unknown[]).length * (down as unknown[]).length, isCellOf(z))(values) &&
      (values as ArrayLike<number>).length > 0
    );
  },
  timeline: ({ x, t, panels, work }) => {
    if (!isAxis(x) || !isObject(t)) return false;
    const { length } = t as unknown as ArrayLike<number>;
    return (
      length > 0 &&
      isColumn(length)(t) &&
      optional(isColumn(length, (kind) => kind === 0 || kind === 1 || kind === 2))(work) &&
      listOf(8, (panel) => isObject(panel) && isAxis(panel["y"]) && isColumn(length)(panel["values"]))(panels)
    );
  },
  gantt: ({ x, kinds, rows }) => {
    if (!isAxis(x) || !listOf(chartLimits.series, isText)(kinds)) return false;
    const count = (kinds as unknown[]).length;
    const isSpan: Test = (span) =>
      isObject(span) &&
      isNumber(span["from"]) &&
      isNumber(span["to"]) &&
      Number.isInteger(span["kind"]) &&
      (span["kind"] as number) >= 0 &&
      (span["kind"] as number) < count;
    return listOf(
      chartLimits.rows,
      (row) => isObject(row) && isText(row["label"]) && listOf(32, isSpan)(row["spans"]),
    )(rows);
  },
  blocks: ({ columns, owners, blocksPerCell }) =>
    Number.isInteger(columns) &&
    (columns as number) >= 2 &&
    (columns as number) <= 512 &&
    isNumber(blocksPerCell) &&
    owners instanceof Int32Array &&
    owners.length <= chartLimits.points,
};
