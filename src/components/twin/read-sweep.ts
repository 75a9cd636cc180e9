/** A sweep from text: result files of perflab, vLLM and other tools, one or many results each, or a table with a row a load. */
import { observationOf } from "../../engine/calibrate/observation.ts";
import { InputError } from "../../engine/errors.ts";
import { readResults } from "../../engine/metrics/interchange/result-file.ts";
import type { ToolResult } from "../../engine/metrics/interchange/rows.ts";
import type { StatedSummary } from "../../engine/metrics/interchange/stated.ts";
import { readTable } from "../../engine/percentiles/read-table.ts";
import { unitSeconds, type TimeUnit } from "../../engine/percentiles/cell.ts";
import type { Run } from "../../engine/run.ts";
import { emptyRow, rowOf, textOf, type RowField, type SweepRow } from "./rows.ts";

export interface ReadSweep {
  /** What it was, in words. */
  readonly source: string;
  readonly rows: readonly SweepRow[];
  /** What to know of the rows, in sentences. */
  readonly notes: readonly string[];
}

/** Throws InputError where no point can be read from `text`. `name`: of the file. */
export function readSweep(name: string, text: string): ReadSweep {
  const table = tableOf(text, name);
  if (table) return table;
  const { tool, kind, results } = readResults(text);
  const notes: string[] = [];
  const rows = results.flatMap((result) => {
    const row = rowOfResult(result, name, notes);
    return row ? [row] : [];
  });
  if (rows.length === 0)
    throw new InputError(
      name,
      `${tool}'s ${kind}, without a mean of TTFT or TPOT or a rate of tokens`,
      results[0]?.missing[0] ?? "measured points",
    );
  return { source: `${tool}: ${kind}`, rows, notes };
}

/** The point that a run measured. Throws InputError for one without a success. */
export function rowOfRun(run: Run, from: string): SweepRow {
  const { load, cached, measured } = observationOf(run, 0);
  return {
    ...rowOf(load, measured, from),
    ...(cached > 0 && { cached }),
    ...(run.origin.kind === "simulated" && { simulated: true as const }),
  };
}

function rowOfResult({ run, stated, label }: ToolResult, name: string, notes: string[]): SweepRow | undefined {
  const from = label === "" || label === "one run" ? name : `${name}, ${label}`;
  const asked = stated?.load;
  // A rate that clients were meant to keep says more of an open loop than how many happened to be in flight.
  const open = asked?.rate !== undefined && asked.concurrency === undefined;
  if (run && run.requests.count > 0 && !run.untimed) {
    const row = rowOfRun(run, from);
    return open ? { ...row, kind: "rate", load: textOf(asked.rate) } : row;
  }
  if (!stated) return undefined;
  const { prompt, output, concurrency, rate } = asked ?? {};
  const measured = {
    ttft: meanOf(stated, "ttft", notes, from),
    tpot: meanOf(stated, "tpot", notes, from),
    outputTokensPerSecond: stated.outputTokensPerSecond,
  };
  if (Object.values(measured).every((value) => value === undefined)) return undefined;
  const load = {
    ...(prompt !== undefined && { prompt }),
    ...(output !== undefined && { output }),
    ...(rate !== undefined ? { rate } : concurrency !== undefined && { concurrency }),
  };
  if (rate === undefined && concurrency === undefined)
    notes.push(`${from} does not say under which load it was measured: fill it in.`);
  return rowOf(load, measured, from);
}

function meanOf(stated: StatedSummary, metric: string, notes: string[], from: string): number | undefined {
  const found = stated.metrics.find(({ name, unit }) => name === metric && unit === "s");
  if (found?.mean !== undefined) return found.mean;
  const median = found?.percentiles.find(([q]) => q === 50)?.[1];
  if (median !== undefined) notes.push(`${from} keeps no mean of ${metric.toUpperCase()}: its median stands in.`);
  return median;
}

/** What a heading of a typed table may be called. The first that fits counts. */
const headings: readonly (readonly [RowField | "users" | "rate", RegExp])[] = [
  ["ttft", /ttft|first[ _-]?token/i],
  ["tpot", /tpot|itl|inter[ _-]?token|per[ _-]?output[ _-]?token/i],
  ["throughput", /throughput|tok(en)?s?( |_)?(\/|per)( |_)?s|tps|out.*\/s/i],
  ["rate", /\brate|rps|qps|req(uest)?s?( |_)?(\/|per)( |_)?s/i],
  ["users", /concurren|users?\b|in[ _-]?flight|batch|load|clients?\b|streams?\b/i],
  ["prompt", /prompt|input|\bin\b|isl|prefill/i],
  ["output", /output|\bout\b|osl|answer|completion|decode/i],
];

/** undefined where the text is no table with headings of ours. */
function tableOf(text: string, name: string): ReadSweep | undefined {
  if (/^\s*[{[]/.test(text) && !/^\s*\[\s*\{[^{}[\]]*"(prompt|concurrency|rate)"/.test(text)) return undefined;
  let table: ReturnType<typeof readTable>;
  try {
    table = readTable(text);
  } catch {
    return undefined;
  }
  const found = new Map<RowField | "users" | "rate", (typeof table.columns)[number]>();
  for (const column of table.columns) {
    const field = headings.find(([field, pattern]) => !found.has(field) && pattern.test(spoken(column.name)))?.[0];
    if (field && column.values.some((value) => value > 0)) found.set(field, column);
  }
  const metrics = (["ttft", "tpot", "throughput"] as const).filter((field) => found.has(field));
  const isOwn = !/request_throughput|mean_ttft_ms/.test(text.slice(0, 2000));
  if (!isOwn || metrics.length === 0 || !(found.has("users") || found.has("rate"))) return undefined;
  const notes: string[] = [];
  // Our own JSON of points (perflab calibrate --points) holds seconds; tables that people type hold milliseconds.
  const isPoints = /^\s*\[/.test(text);
  const scale = (field: "ttft" | "tpot"): number => {
    const column = found.get(field);
    if (!column) return 1;
    const unit: TimeUnit | undefined = column.unit ?? unitIn(column.name) ?? (isPoints ? "s" : undefined);
    if (!unit) notes.push(`${column.name} does not say its unit: taken to be milliseconds.`);
    return unit ? unitSeconds[unit] * 1000 : 1;
  };
  const factor = { ttft: scale("ttft"), tpot: scale("tpot") };
  const rows = Array.from({ length: table.rows }, (_, i): SweepRow => {
    const at = (field: RowField | "users" | "rate", by = 1) => textOf((found.get(field)?.values[i] ?? NaN) * by);
    const rate = at("rate");
    return {
      ...emptyRow,
      kind: at("users") === "" && rate !== "" ? "rate" : "users",
      load: at("users") || rate,
      prompt: at("prompt"),
      output: at("output"),
      ttft: at("ttft", factor.ttft),
      tpot: at("tpot", factor.tpot),
      throughput: at("throughput"),
      from: name === "pasted" ? "" : name,
    };
  });
  if (!found.has("prompt") || !found.has("output"))
    notes.push("The table has no tokens of prompts and answers: fill them in.");
  return { source: "a table", rows, notes };
}

/** "outputTokensPerSecond" → "output Tokens Per Second". */
function spoken(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1 $2");
}

function unitIn(name: string): TimeUnit | undefined {
  const unit = /(?:^|[_ (,[])(ms|s|us|µs|sec|seconds|milliseconds)[\])]?$/i.exec(name.trim())?.[1]?.toLowerCase();
  if (unit === undefined) return undefined;
  return unit === "us" || unit === "µs" ? "us" : unit.startsWith("m") ? "ms" : "s";
}
