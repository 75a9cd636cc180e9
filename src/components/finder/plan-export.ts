/** What was found, as files. Seconds, USD. */
import type { PlanAnswer, PlanQuestion, PlanRow } from "../../engine/plan/types.ts";
import { toCsv } from "../charts/cells.ts";

const columns: readonly (readonly [string, (row: PlanRow) => string | number | boolean | undefined])[] = [
  ["id", ({ id }) => id],
  ["gpu", ({ server }) => String(server.gpu)],
  ["gpus", ({ gpus }) => gpus],
  ["replicas", ({ replicas }) => replicas],
  ["tensorParallel", ({ server }) => server.tensorParallel],
  ["pipelineParallel", ({ server }) => server.pipelineParallel ?? 1],
  ["dataParallel", ({ server }) => server.dataParallel ?? 1],
  ["expertParallel", ({ server }) => server.expertParallel ?? 1],
  ["weights", ({ server }) => server.weights],
  ["kv", ({ server }) => server.kv],
  ["usdPerMonth", ({ usdPerMonth }) => usdPerMonth],
  ["usdPerGpuHour", ({ price }) => price.usdPerHour],
  ["priceOn", ({ price }) => price.on ?? ""],
  ["priceSource", ({ price }) => price.source ?? "own"],
  ...(["ttft", "tpot", "e2e"] as const).flatMap((metric) =>
    (["p50", "p95", "p99"] as const).map(
      (q) => [`${metric}_${q}_s`, (row: PlanRow) => row.confirmed[metric][q]] as const,
    ),
  ),
  ["load", ({ load }) => load],
  ["capacityPerSecond", ({ capacity }) => capacity],
  ["onFront", ({ onFront }) => onFront],
  ["limit", ({ limit }) => limit],
];

export function plansToCsv(rows: readonly PlanRow[]): string {
  const cell = (value: string | number | boolean | undefined) =>
    typeof value === "number" ? value : String(value ?? "");
  return toCsv({
    columns: columns.map(([name]) => name),
    rows: rows.map((row) => columns.map(([, of]) => cell(of(row)))),
  });
}

export function plansToJson(question: PlanQuestion, answer: PlanAnswer): unknown {
  return { simulated: true, question, answer };
}
