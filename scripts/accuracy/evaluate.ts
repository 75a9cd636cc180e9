/** Every row of a folder, predicted and scored. */
import type { RooflineParameters } from "../../src/engine/step/roofline.ts";
import { baselines } from "./baseline.ts";
import { readCase, type Case } from "./case.ts";
import { readRows } from "./csv.ts";
import { predict } from "./predict.ts";
import type { Scored } from "./score.ts";

/** One row of the JSON report, in the file's own unit. */
export interface ReportRow {
  readonly file: string;
  readonly row: number;
  readonly metric: string;
  readonly unit: string;
  readonly measured: number | null;
  readonly predicted: number | null;
  readonly roofline: number | null;
  readonly rule: number | null;
  readonly assumed: readonly string[];
  readonly reason: string | null;
}

export interface Result {
  readonly rows: readonly ReportRow[];
  readonly scored: readonly Scored[];
  readonly stated: number;
  readonly predicted: number;
  /** Errors of batch-1 decoding on devices under 1.1 TB/s. */
  readonly batch1: readonly number[];
}

export function evaluate(folder: string, p: RooflineParameters): Result {
  const rows: ReportRow[] = [];
  const scored: Scored[] = [];
  const batch1: number[] = [];
  let stated = 0;
  let predicted = 0;
  for (const row of readRows(folder)) {
    const read = readCase(row);
    if (!("case" in read)) {
      if (read.stated) stated++;
      const { stated: _stated, ...rest } = read;
      rows.push({ ...rest, predicted: null, roofline: null, rule: null, assumed: [] });
      continue;
    }
    stated++;
    const c = read.case;
    const value = inUnit(c, attempt(() => predict(c, p)) ?? NaN);
    const base = c.table === "memory" ? undefined : attempt(() => baselines(c));
    const roofline = inUnit(c, base?.roofline ?? NaN) ?? null;
    const rule = inUnit(c, base?.rule ?? NaN) ?? null;
    rows.push({
      file: c.file,
      row: c.row,
      metric: c.metric,
      unit: c.unit,
      measured: c.measured,
      predicted: value ?? null,
      roofline,
      rule,
      assumed: c.assumed,
      reason:
        value === undefined
          ? `${c.metric} is not defined under this load, or needs a count the row does not state`
          : null,
    });
    if (value === undefined) continue;
    predicted++;
    const error = relative(value, c.measured);
    scored.push({
      table: c.table,
      metric: c.metric,
      model: c.model,
      gpu: c.gpu,
      engine: c.engine,
      error,
      roofline: roofline === null ? error : relative(roofline, c.measured),
      rule: rule === null ? error : relative(rule, c.measured),
    });
    if (isBatch1Decode(c)) batch1.push(error);
  }
  return { rows, scored, stated, predicted, batch1 };
}

function isBatch1Decode(c: Case): boolean {
  const alone = c.load === "single" || c.value === 1;
  return alone && c.metric === "decode_throughput" && c.server.gpu.hbmBandwidth < 1.1e12;
}

function inUnit(c: Case, value: number): number | undefined {
  return Number.isFinite(value) && value >= 0 ? value / c.scale : undefined;
}

function attempt<T>(f: () => T): T | undefined {
  try {
    return f();
  } catch {
    return undefined;
  }
}

function relative(predicted: number, measured: number): number {
  return Math.abs(predicted - measured) / measured;
}
