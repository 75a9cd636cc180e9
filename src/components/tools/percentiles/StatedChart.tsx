/** Percentiles that a tool worked out itself, as a histogram or a summary has them, on HdrHistogram's axis. */
import { useMemo } from "preact/hooks";
import { line } from "../../../engine/chart/line.ts";
import type { StatedMetric } from "../../../engine/metrics/interchange/stated.ts";
import { OneChart } from "../../charts/OneChart.tsx";

const origin = { kind: "calculated" } as const;
/** Fewer are read faster in the table. */
const FEWEST = 3;

export function StatedChart({ metrics }: { metrics: readonly StatedMetric[] }) {
  const chart = useMemo(() => {
    const series = metrics
      .filter(({ unit }) => unit === "s")
      .map(({ name, percentiles }) => ({
        name,
        // p100 has no place on this axis.
        points: percentiles.filter(([q]) => q < 100).map(([q, y]) => ({ x: 100 / (100 - q), y })),
      }))
      .filter(({ points }) => points.length >= FEWEST);
    if (series.length === 0) return null;
    return line({
      title: "As the tool states it",
      x: { label: "1 ÷ (1 − share): 100 is p99", scale: "log" },
      y: { label: "Latency", unit: "s" },
      series,
    });
  }, [metrics]);
  return chart && <OneChart class="lab-chart" description={chart} origin={origin} />;
}
