/** Kept runs as files: ours with everything, CSV for a spreadsheet, and what other tools write and read. */
import { InputError } from "../../engine/errors.ts";
import { csvRows } from "../../engine/metrics/interchange/csv.ts";
import { readResults } from "../../engine/metrics/interchange/result-file.ts";
import { toVllm } from "../../engine/metrics/interchange/vllm-export.ts";
import type { Run } from "../../engine/run.ts";
import type { RunDataRecord, RunRecord } from "../storage-records.ts";
import { isKeepFile, readKeepFile, writeKeepFile } from "./keep-file.ts";
import { numbersOf } from "./run-numbers.ts";

/** Columns of the CSV that say which run it is; parameters and numbers follow under "param …" and their own names. */
const fixed = ["name", "date", "lab", "figures are", "ran on", "seed", "runs in this press"] as const;
const paramColumn = "param ";

/** Whole, to be read here again. `date`: ISO date and time of writing. */
export function runsToJson(runs: readonly RunRecord[], data: readonly RunDataRecord[], date: string): string {
  return writeKeepFile({ runs, runData: data }, date);
}

/** One row a run, one column a parameter or number; empty where a run has none. */
export function runsToCsv(runs: readonly RunRecord[]): string {
  const params = [...new Set(runs.flatMap(({ params }) => Object.keys(params)))];
  const numbers = [...new Set(runs.flatMap(({ summary }) => Object.keys(summary)))];
  const rows = runs.map((run) => [
    ...[run.name, run.date, run.lab, run.origin, run.target, run.seed ?? "", run.runs],
    ...params.map((name) => run.params[name] ?? ""),
    ...numbers.map((name) => run.summary[name] ?? ""),
  ]);
  const head = [...fixed, ...params.map((name) => `${paramColumn}${name}`), ...numbers];
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";
}

/** A cell that a spreadsheet would take for a formula is given as text. */
function cell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The last Run of a press as vLLM's own result file. */
export function runToVllm(run: Run): string {
  return JSON.stringify(toVllm(run), null, 1);
}

export interface ReadRuns {
  readonly runs: readonly RunRecord[];
  readonly data: readonly RunDataRecord[];
  /** What the file is, and what of it could not be taken over. */
  readonly said: readonly string[];
}

/**
 * Runs from a file of ours or of another tool, as runs of `lab`. `date`: ISO date and time of reading. Throws InputError for
 * what can't be read.
 */
export function readRuns(text: string, file: string, lab: string, date: string): ReadRuns {
  if (isKeepFile(text)) return ownJson(text, lab);
  const rows = /^\s*[{[]/.test(text) ? [] : csvRows(text.replace(/^\uFEFF/, ""));
  if (fixed.every((name, i) => rows[0]?.[i] === name)) return ownCsv(rows, file, lab);
  const { tool, kind, results } = readResults(text);
  const runs: RunRecord[] = [];
  const data: RunDataRecord[] = [];
  const said = [`${file}: ${kind} of ${tool}.`];
  results.forEach((result, i) => {
    const id = `${lab}:${date}#${file}-${i + 1}`;
    const { run, stated } = result;
    if (result.missing.length > 0) said.push(`${result.label} lacks ${result.missing.join("; ")}.`);
    if (result.dropped.length > 0) said.push(`Not taken over of ${result.label}: ${result.dropped.join(", ")}.`);
    const numbers =
      run === undefined
        ? Object.fromEntries(
            Object.entries(stated ?? {}).filter(
              (entry): entry is [string, number] => typeof entry[1] === "number" && Number.isFinite(entry[1]),
            ),
          )
        : numbersOf({}, run);
    if (run === undefined && Object.keys(numbers).length === 0) return;
    runs.push({
      id,
      lab,
      name: results.length > 1 ? `${file}, ${result.label}` : file,
      date,
      origin: run?.origin.kind ?? "measured",
      target: run?.origin.kind === "measured" ? run.origin.target : tool,
      pinned: false,
      summary: numbers,
      code: null,
      seed: null,
      params: {},
      runs: run === undefined ? 0 : 1,
      from: file,
    });
    if (run !== undefined) data.push({ id, date, runs: [run], charts: [] });
  });
  if (runs.length === 0) throw new InputError("the file", said.join(" "), "one with requests or a summary in it");
  return { runs, data, said };
}

function ownJson(text: string, lab: string): ReadRuns {
  const { kept, left } = readKeepFile(text);
  const all = kept.runs ?? [];
  const runs = all.filter((run) => run.lab === lab);
  const others = [...new Set(all.filter((run) => run.lab !== lab).map((run) => run.lab))];
  if (runs.length === 0)
    throw new InputError(
      "the file",
      others.length > 0 ? `runs of ${others.join(", ")}` : "a file without kept runs",
      `one with runs of ${lab}; the progress page takes in everything`,
    );
  const ids = new Set(runs.map(({ id }) => id));
  const said = [
    ...left.map((each) => `Left out: ${each}.`),
    ...(others.length > 0 ? [`Runs of ${others.join(", ")} are left out: the progress page takes in everything.`] : []),
  ];
  return { runs, data: (kept.runData ?? []).filter(({ id }) => ids.has(id)), said };
}

function ownCsv(rows: readonly (readonly string[])[], file: string, lab: string): ReadRuns {
  const [head = [], ...body] = rows;
  const origins = ["simulated", "measured", "calculated"] as const;
  const runs = body.map((row, i): RunRecord => {
    const [name = "", date = "", , origin, target = "", seed = "", count = ""] = row.map((each) =>
      each.replace(/^'(?=[=+\-@])/, ""),
    );
    if (Number.isNaN(Date.parse(date)))
      throw new InputError(`date in line ${i + 2} of ${file}`, date, "a date as it was exported");
    const params: Record<string, number | string> = {};
    const summary: Record<string, number> = {};
    head.slice(fixed.length).forEach((column, at) => {
      const given = row[fixed.length + at] ?? "";
      if (given === "") return;
      const value = Number(given);
      if (column.startsWith(paramColumn))
        params[column.slice(paramColumn.length)] = Number.isFinite(value) ? value : given;
      else if (Number.isFinite(value)) summary[column] = value;
      else throw new InputError(`${column} in line ${i + 2} of ${file}`, given, "a number");
    });
    return {
      id: `${lab}:${date}`,
      lab,
      name,
      date,
      origin: origins.find((each) => each === origin) ?? "measured",
      target,
      pinned: false,
      summary,
      code: null,
      seed: seed === "" || !Number.isFinite(Number(seed)) ? null : Number(seed),
      params,
      runs: Number(count) || 0,
      from: file,
    };
  });
  return { runs, data: [], said: ["A CSV holds numbers only: no code and no raw data."] };
}
