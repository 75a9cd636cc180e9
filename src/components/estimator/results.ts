/** Everything the estimator found, as rows of numbers: for files and for comparing. SI units, USD. */
import type { Ranged } from "../../engine/metrics/types.ts";
import { toCsv } from "../charts/cells.ts";
import type { Answer } from "./answer.ts";
import { names, untouched, type Typed } from "./fields.ts";
import type { Plan } from "./plan.ts";
import type { Quantiles, Refined } from "./refine.ts";

export interface ResultRow {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** Around it: that four of five published measurements stay within, or that chance allows so few requests. */
  readonly low?: number;
  readonly high?: number;
  readonly kind: "calculated" | "estimated" | "simulated";
}

export function resultRows({ api, own, breakEven }: Answer, refined: Refined | null): ResultRow[] {
  const rows: ResultRow[] = [];
  const put = (
    name: string,
    unit: string,
    value: number | Ranged | undefined,
    kind: ResultRow["kind"] = "calculated",
  ) => {
    if (value === undefined) return;
    const { value: middle, ...around } = typeof value === "number" ? { value } : value;
    if (Number.isFinite(middle)) rows.push({ name, unit, value: middle, ...around, kind });
  };
  put("API cost per request", "USD", api?.perRequest.total);
  put("API cost per day", "USD", api?.perDay.total);
  put("API cost per month", "USD", api?.perMonth.total);
  put("API cost per million tokens out", "USD", api?.perRequest.perMillionOutputTokens);
  put("API E2E", "s", api?.e2e);
  put("own cost per request", "USD", own?.perRequest?.total);
  put("own cost per day", "USD", own?.perDay?.total);
  put("own cost per month", "USD", own?.perMonth?.total);
  put("own cost per million tokens out", "USD", own?.perDay?.perMillionOutputTokens);
  put("own cost per million tokens out, always busy", "USD", own?.perMillionFull, "estimated");
  put("break-even calls per month", "calls", breakEven?.calls ?? undefined, "estimated");
  const { peak } = own ?? {};
  if (own && peak) {
    put("rate in the busiest hour", "requests/s", own.rates.peak);
    put("capacity", "requests/s", peak.capacity, "estimated");
    put("share of the capacity in the busiest hour", "", peak.load, "estimated");
    put("requests in flight", "requests", peak.inFlight, "estimated");
    if (refined?.stable !== false)
      for (const metric of ["ttft", "tpot", "e2e"] as const)
        put(`${metric.toUpperCase()} mean`, "s", peak[metric], "estimated");
    put("goodput-safe rate", "requests/s", own.safe, "estimated");
  }
  if (own) {
    const { memory } = own;
    for (const part of ["weights", "activations", "runtime", "kv"] as const) put(`memory: ${part}`, "B", memory[part]);
    put("KV cache tokens", "tokens", memory.cacheTokens);
    put("such requests at once", "requests", own.sequences);
  }
  if (refined) rows.push(...simulatedRows(refined));
  return rows;
}

function simulatedRows(refined: Refined): ResultRow[] {
  const rows: ResultRow[] = [{ name: "capacity", unit: "requests/s", value: refined.capacity, kind: "simulated" }];
  const put = (metric: string, quantiles: Quantiles | null) => {
    for (const { q, value, interval } of quantiles?.at ?? [])
      rows.push({
        name: `${metric} p${q}`,
        unit: "s",
        value,
        ...(interval && { low: interval[0], high: interval[1] }),
        kind: "simulated",
      });
  };
  put("TTFT", refined.ttft);
  put("TPOT", refined.tpot);
  put("E2E", refined.e2e);
  if (refined.safe !== null)
    rows.push({ name: "goodput-safe rate", unit: "requests/s", value: refined.safe, kind: "simulated" });
  if (refined.attainment !== null)
    rows.push({ name: "share that keeps the promise", unit: "", value: refined.attainment, kind: "simulated" });
  return rows;
}

export function resultsToCsv(rows: readonly ResultRow[]): string {
  const cell = (value: number | undefined) => (value === undefined || !Number.isFinite(value) ? "" : value);
  return toCsv({
    columns: ["result", "unit", "value", "low", "high", "kind"],
    rows: rows.map(({ name, unit, value, low, high, kind }) => [name, unit, cell(value), cell(low), cell(high), kind]),
  });
}

/** What was typed, where it differs from the defaults, and all results. */
export function resultsToJson(
  typed: Typed,
  { api, own }: Answer,
  rows: readonly ResultRow[],
): Readonly<Record<string, unknown>> {
  const given = Object.fromEntries(
    names.filter((name) => typed[name] !== untouched[name]).map((name) => [name, typed[name]]),
  );
  return { format: "perflab-estimate", given, results: rows, notes: [...(own?.notes ?? []), ...(api?.notes ?? [])] };
}

/** Both halves of a plan, each in a few words. */
export function titlesOf({ api, own }: Plan): readonly string[] {
  return [
    ...(own ? [`${own.model.name} (${own.resolved.weights}) on ${own.gpus} × ${own.resolved.gpu.name}`] : []),
    ...(api ? [api.price.id] : []),
  ];
}
