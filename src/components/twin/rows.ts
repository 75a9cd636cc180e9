/** The table of a sweep as it is typed: texts in the units of the page, and what they are once they are read. */
import type { Observation } from "../../engine/calibrate/observation.ts";
import type { CalibrationMetric, Load } from "../../engine/calibrate/types.ts";
import { readTyped } from "../tools/read-typed.ts";

export const rowFields = ["load", "prompt", "output", "ttft", "tpot", "throughput"] as const;
export type RowField = (typeof rowFields)[number];

/** How load is put on: so many requests in flight all the time, or so many arriving a second. */
export type LoadKind = "users" | "rate";

/** One point of a sweep. Times in milliseconds; an empty text was not measured. */
export interface SweepRow extends Readonly<Record<RowField, string>> {
  readonly kind: LoadKind;
  /** Whose file or run it is from; "" where it was typed. */
  readonly from: string;
  /** Tokens of a prompt that came from the prefix cache, on average. */
  readonly cached?: number;
  /** A simulated run: it passed no engine's front end. */
  readonly simulated?: true;
}

export const emptyRow: SweepRow = {
  kind: "users",
  load: "",
  prompt: "",
  output: "",
  ttft: "",
  tpot: "",
  throughput: "",
  from: "",
};

export interface RowProblem {
  readonly row: number;
  readonly field: RowField;
  readonly text: string;
}

export interface ReadRows {
  readonly observations: readonly Observation[];
  /** Rows of the table that the observations came from. */
  readonly of: readonly number[];
  readonly problems: readonly RowProblem[];
}

const metricOf: Readonly<Record<CalibrationMetric, { readonly field: RowField; readonly scale: number }>> = {
  ttft: { field: "ttft", scale: 1e-3 },
  tpot: { field: "tpot", scale: 1e-3 },
  outputTokensPerSecond: { field: "throughput", scale: 1 },
};

/** Rows without any text are passed over; a row with a problem gives no observation. */
export function readRows(rows: readonly SweepRow[]): ReadRows {
  const observations: Observation[] = [];
  const of: number[] = [];
  const problems: RowProblem[] = [];
  rows.forEach((row, i) => {
    if (rowFields.every((field) => row[field].trim() === "")) return;
    const before = problems.length;
    const number = (field: RowField, least: number, allowed: string): number => {
      const value = readTyped(row[field]);
      if (!(value >= least) || !(value > 0) || !Number.isFinite(value))
        problems.push({ row: i, field, text: row[field].trim() === "" ? `${allowed} is needed` : `not ${allowed}` });
      return value;
    };
    const load: Load = {
      prompt: number("prompt", 1, "a number of tokens from 1"),
      output: number("output", 1, "a number of tokens from 1"),
      ...(row.kind === "users"
        ? { concurrency: number("load", 1, "a number of users from 1") }
        : { rate: number("load", 0, "requests a second, above 0") }),
    };
    const measured: Partial<Record<CalibrationMetric, number>> = {};
    for (const [metric, { field, scale }] of Object.entries(metricOf) as [
      CalibrationMetric,
      (typeof metricOf)["ttft"],
    ][])
      if (row[field].trim() !== "") measured[metric] = number(field, 0, "a number above 0") * scale;
    if (Object.keys(measured).length === 0)
      problems.push({ row: i, field: "ttft", text: "TTFT, TPOT or tokens/s is needed" });
    if (problems.length > before) return;
    observations.push({ load, cached: row.cached ?? 0, ingress: row.simulated !== true, measured });
    of.push(i);
  });
  return { observations, of, problems };
}

/** As the table shows it: five digits. */
export function textOf(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? "" : String(Number(value.toPrecision(5)));
}

/** The row of a point in SI units. */
export function rowOf(
  load: Partial<Load>,
  measured: Partial<Record<CalibrationMetric, number | undefined>>,
  from: string,
): SweepRow {
  const ms = (seconds: number | undefined) => textOf(seconds === undefined ? undefined : seconds * 1000);
  return {
    kind: load.rate !== undefined && load.concurrency === undefined ? "rate" : "users",
    load: textOf(load.concurrency ?? load.rate),
    prompt: textOf(load.prompt),
    output: textOf(load.output),
    ttft: ms(measured.ttft),
    tpot: ms(measured.tpot),
    throughput: textOf(measured.outputTokensPerSecond),
    from,
  };
}
