/** Errors by group, and the figures that summarise them. */
import { tables, type Table } from "./metrics.ts";

export interface Scored {
  readonly table: Table;
  readonly metric: string;
  readonly model: string;
  readonly gpu: string;
  readonly engine: string;
  /** Relative errors, as shares. */
  readonly error: number;
  readonly roofline: number;
  readonly rule: number;
}

export interface Group {
  readonly key: string;
  readonly table: Table;
  readonly rows: number;
  readonly error: number;
  readonly roofline: number;
  readonly rule: number;
}

export interface Headline {
  readonly groups: number;
  readonly rows: number;
  /** Median over groups of each group's median; over rows: median and 90th percentile; the worst group. */
  readonly group: number;
  readonly row: number;
  /** Mean over rows (MAPE). */
  readonly mean: number;
  readonly p90: number;
  readonly worst: string;
  readonly worstError: number;
  readonly roofline: number;
  readonly rule: number;
  /** Share of groups in which the plain roofline does better. */
  readonly worseThanRoofline: number;
}

/** Groups are (model, GPU, engine, metric). */
export function groupsOf(rows: readonly Scored[]): Group[] {
  const by = new Map<string, Scored[]>();
  for (const row of rows) {
    const key = [row.model, row.gpu, row.engine, row.metric].join(" · ");
    const list = by.get(`${row.table} ${key}`);
    if (list) list.push(row);
    else by.set(`${row.table} ${key}`, [row]);
  }
  return [...by.values()].map((list) => ({
    key: [list[0]!.model, list[0]!.gpu, list[0]!.engine, list[0]!.metric].join(" · "),
    table: list[0]!.table,
    rows: list.length,
    error: median(list.map((row) => row.error)),
    roofline: median(list.map((row) => row.roofline)),
    rule: median(list.map((row) => row.rule)),
  }));
}

export function headlines(rows: readonly Scored[]): Partial<Record<Table, Headline>> {
  const groups = groupsOf(rows);
  const result: Partial<Record<Table, Headline>> = {};
  for (const table of tables) {
    const own = groups.filter((group) => group.table === table);
    if (own.length === 0) continue;
    const errors = rows.filter((row) => row.table === table).map((row) => row.error);
    const worst = own.reduce((a, b) => (b.error > a.error ? b : a));
    result[table] = {
      groups: own.length,
      rows: errors.length,
      group: median(own.map((group) => group.error)),
      row: median(errors),
      mean: errors.reduce((sum, error) => sum + error, 0) / errors.length,
      p90: quantile(errors, 0.9),
      worst: worst.key,
      worstError: worst.error,
      roofline: median(own.map((group) => group.roofline)),
      rule: median(own.map((group) => group.rule)),
      worseThanRoofline: own.filter((group) => group.error > group.roofline).length / own.length,
    };
  }
  return result;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}
