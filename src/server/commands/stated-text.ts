/** A summary without requests, as text: what its tool worked out, and no more. */
import color from "picocolors";
import type { StatedMetric, StatedSummary } from "../../engine/metrics/interchange/index.ts";
import { milliseconds } from "../../endpoint/report/run-report.ts";
import { textTable } from "./table.ts";

const QUANTILES = [50, 90, 95, 99];

export function statedText(
  source: string,
  { metrics, ...totals }: StatedSummary,
  quantiles: readonly number[] = QUANTILES,
): string {
  const times = metrics.filter(({ unit }) => unit === "s");
  const cells = times.map((metric) => [
    `${metric.name.length <= 4 ? metric.name.toUpperCase() : metric.name}`,
    metric.n === undefined ? "–" : String(metric.n),
    ...[metric.mean, metric.min, ...quantiles.map((q) => atPercent(metric, q)), metric.max].map((value) =>
      milliseconds(value ?? null),
    ),
  ]);
  const head = ["ms", "n", "mean", "min", ...quantiles.map((q) => `p${q}`), "max"];
  return [
    `${color.bold(totals.model ?? "")}  ${color.dim(`as stated by ${source}`)}`.trim(),
    ...(cells.length > 0 ? [textTable(head, cells)] : []),
    totalsLine(totals),
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** Only a percentile that the file states: none is worked out from its neighbours. */
export function atPercent(metric: StatedMetric, q: number): number | undefined {
  return metric.percentiles.find(([percent]) => percent === q)?.[1];
}

function totalsLine(totals: Omit<StatedSummary, "metrics">): string {
  const say = (value: number | undefined, unit: string): string[] =>
    value === undefined ? [] : [`${Number(value.toPrecision(4))} ${unit}`];
  return [
    ...say(totals.succeeded, "succeeded"),
    ...say(totals.failed, "failed"),
    ...say(totals.cancelled, "cancelled"),
    ...say(totals.requestsPerSecond, "requests/s"),
    ...say(totals.outputTokensPerSecond, "output tokens/s"),
    ...say(totals.totalTokensPerSecond, "tokens/s in all"),
    ...say(totals.duration, "s"),
  ].join(", ");
}
