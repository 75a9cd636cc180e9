/** An analysis as CSV, JSON and code. */
import type { Analysis } from "../../../engine/percentiles/analyse.ts";
import { metricLabel, type Settings } from "../../../engine/percentiles/settings.ts";

/** One row a statistic of each set; seconds. */
export function analysisToCsv({ sets, metric }: Analysis): string {
  const cell = (value: number | undefined) => (value === undefined || !Number.isFinite(value) ? "" : String(value));
  const rows = sets.flatMap(({ name, counts, statistics, corrected }) =>
    statistics.map(({ name: statistic, value, interval, withFailures }, i) =>
      [
        `"${name.replaceAll('"', '""')}"`,
        metric,
        statistic,
        cell(value),
        cell(interval?.[0]),
        cell(interval?.[1]),
        withFailures === Infinity ? "never" : cell(withFailures),
        cell(corrected?.statistics[i]?.value),
        counts.n,
        counts.failed,
      ].join(","),
    ),
  );
  return (
    [
      "set,metric,statistic,seconds,low 95 %,high 95 %,with failures as slowest,corrected for omission,n,failed",
      ...rows,
    ].join("\n") + "\n"
  );
}

/** Without pictures; every figure in full, seconds. */
export function analysisToJson(
  { charts: _, someValues: __, ...rest }: Analysis,
  settings: Settings,
): Readonly<Record<string, unknown>> {
  return { format: "perflab-percentiles", unit: "s", settings, ...rest };
}

/** The same percentiles as a program of a lab. */
export function labCode({ sets: [set], metric, someValues }: Analysis): string {
  const n = set?.counts.n ?? 0;
  const which =
    someValues.length < n
      ? `${someValues.length} evenly spaced order statistics of ${n} values: tails are coarser than in the analyser`
      : `${n} values`;
  const label = JSON.stringify(metricLabel[metric]);
  return `import { chart, percentile, percentileInterval, tail } from "perflab";

/** Seconds, ascending: ${which}, from the percentile analyser. */
const values = [${Array.from(someValues, (value) => Number(value.toPrecision(9))).join(", ")}];

for (const q of [50, 90, 95, 99]) {
  console.log(\`p\${q}\`, percentile(values, q, "linear"), percentileInterval(values, q) ?? "too few samples");
}
console.log("20 parallel calls meet one beyond p99 in", tail.fanout(0.01, 20), "of tasks");

chart.ecdf({ title: ${label}, x: { label: ${label}, unit: "s" }, samples: [{ name: "values", values }] });
chart.percentiles({ title: ${JSON.stringify(`${metricLabel[metric]} by percentile`)}, x: { label: ${label}, unit: "s" }, samples: [{ name: "values", values }] });
`;
}
