/** Anything an engineer may drop on the analyser: a result file of a known tool, or a table of their own. */
import { InputError } from "../errors.ts";
import { measure } from "../metrics/measure.ts";
import { readResults } from "../metrics/interchange/result-file.ts";
import type { StatedSummary } from "../metrics/interchange/stated.ts";
import type { Run } from "../run.ts";
import { firstLines, readTable, withLines, type Progress } from "./read-table.ts";
import { ColumnBuilder, numberColumn, type Table, wordAt } from "./table.ts";

export interface InputResult {
  /** Tells it from the others of the file. */
  readonly label: string;
  /** One row a request; absent where the file keeps none. */
  readonly table?: Table;
  /** What the tool itself worked out. */
  readonly stated?: StatedSummary;
  /** What the file lacks, and what was not taken over; sentences without a full stop. */
  readonly missing: readonly string[];
  readonly dropped: readonly string[];
}

export interface Input {
  /** Whose file it is, in words. */
  readonly source: string;
  /** At least one. */
  readonly results: readonly InputResult[];
}

/** Throws InputError where nothing can be read from `text`. */
export function readInput(given: string, progress: Progress = () => {}): Input {
  const text = withLines(given);
  if (!isOfTool(text)) return ofTable(text, progress);
  let read: ReturnType<typeof readResults>;
  try {
    read = readResults(text);
  } catch (error) {
    if (!isUnknown(error) || /^# (HELP|TYPE) /m.test(text.slice(0, 5000))) throw error;
    return ofTable(text, progress);
  }
  const { tool, kind, version, results } = read;
  const samples = sampleTable(tool, kind, text, progress);
  if (samples) return samples;
  return {
    source: `${tool}${version ? ` ${version}` : ""}: ${kind}`,
    results: results.map(({ label, run, stated, missing, dropped }) => ({
      label,
      ...(run && run.requests.count > 0 ? { table: tableOfRun(run) } : {}),
      ...(stated ? { stated } : {}),
      missing: run && run.requests.count === 0 ? [...missing, "requests were not kept"] : missing,
      dropped,
    })),
  };
}

function ofTable(text: string, progress: Progress): Input {
  const table = readTable(text, progress);
  const one = table.columns.length === 1;
  return {
    source: one ? "A list of values" : "A table",
    results: [{ label: "all rows", table, missing: table.lacks ?? [], dropped: [] }],
  };
}

/** Characters of a text that is read twice without a thought. */
const SMALL = 1_000_000;

const isUnknown = (error: unknown) => error instanceof InputError && error.field === "the file";

/** A look at the head, so that a table of a million rows is not read twice. */
function isOfTool(text: string): boolean {
  const lines = firstLines(text, 6);
  const first = lines[0] ?? "";
  const isJson = /^\uFEFF?\s*[{[]/.test(text);
  if (isJson && !isWhole(first)) return true;
  try {
    readResults(isJson ? first : lines.join("\n"));
    return true;
  } catch (error) {
    return !isUnknown(error) || text.length < SMALL;
  }
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Tools whose files hold samples that no Run is made of: k6's CSV and JSON lines, JMeter's table, vegeta's results. */
function sampleTable(tool: string, kind: string, text: string, progress: Progress): Input | undefined {
  const source = `${tool}: ${kind}`;
  const input = (table: Table): Input => ({
    source,
    results: [{ label: "all requests", table, missing: ["tokens: it measures whole answers over HTTP"], dropped: [] }],
  });
  if (tool === "JMeter") return input(readTable(text, progress));
  if (tool === "vegeta" && kind !== "its report") return input(vegetaTable(text, progress));
  if (tool !== "k6" || !kind.includes("samples")) return undefined;
  const table = readTable(text, progress);
  const metric = table.columns.find(({ name }) => name === "metric_name" || name === "metric");
  const value = table.columns.find(({ name }) => name === "metric_value" || name === "data.value");
  if (!metric || !value) return undefined;
  const rows = Array.from({ length: table.rows }, (_, i) => i).filter(
    (i) => wordAt(metric, i) === "http_req_duration" && !Number.isNaN(value.values[i]),
  );
  const kept = table.columns.filter((column) => column !== metric && column !== value && column.name !== "type");
  const pick = (column: (typeof kept)[number]) => ({
    ...column,
    values: Float64Array.from(rows, (i) => column.values[i]),
    word: Uint16Array.from(rows, (i) => column.word[i]),
  });
  return input({
    rows: rows.length,
    columns: [{ ...pick(value), name: "http_req_duration", unit: "ms" }, ...kept.map(pick)],
  });
}

/** vegeta's samples: its CSV has no head, and its latencies are nanoseconds. */
function vegetaTable(text: string, progress: Progress): Table {
  const isJson = text.trimStart().startsWith("{");
  const head = "timestamp,code,latency,bytes_out,bytes_in,error,body,attack,seq,method,url,headers\n";
  const table = readTable(isJson ? text : head + text, progress);
  return {
    ...table,
    columns: table.columns.map((column) => (column.name === "latency" ? { ...column, unit: "ns" as const } : column)),
  };
}

/** The metrics of each request by our own definitions, seconds. */
export function tableOfRun(run: Run): Table {
  const { requests } = measure(run);
  const rows = requests.length;
  const column = (name: string, read: (i: number) => number | undefined) =>
    numberColumn(
      name,
      Float64Array.from({ length: rows }, (_, i) => read(i) ?? NaN),
      "s",
    );
  const status = new ColumnBuilder("status");
  requests.forEach(({ record }, i) => status.add(i, record.status));
  const tokens = numberColumn(
    "output tokens",
    Float64Array.from(requests, (r) => r.record.outputTokens),
  );
  const times = run.untimed ? [] : [column("start", (i) => requests[i]!.record.started)];
  const metric = (name: string, of: "ttft" | "tpot" | "e2e") => column(name, (i) => requests[i]!.metrics?.[of]);
  const all = [metric("TTFT", "ttft"), metric("TPOT", "tpot"), metric("E2E", "e2e")];
  const some = all.filter(({ values }) => values.some((value) => !Number.isNaN(value)));
  return { rows, columns: [...(some.length > 0 ? some : all), tokens, ...times, status.finish(rows)] };
}

/** Words of an outcome that mean that the request gave no answer. */
const good = /^(ok|true|success(ful|ed)?|succeeded|completed|none|null|pass(ed)?|2\d\d|stop|length|)$/i;

/** Whether the cell of a column about outcomes says that the request failed. `name`: of the column, which tells what a number means. */
export function isFailure(name: string, value: number, word: string): boolean {
  if (Number.isNaN(value)) {
    if (/^(false|0)$/i.test(word)) return /success|^ok$|pass/i.test(name);
    if (/^true$/i.test(word)) return !/success|^ok$|pass/i.test(name);
    return !good.test(word);
  }
  if (/success|^ok$|pass/i.test(name)) return value === 0;
  if (/status|code/i.test(name) && value >= 100) return value >= 400;
  return value !== 0;
}
