/** The twin's charts as data: measured points over the fitted curve, and what is left between the two. */
import { line } from "../../engine/chart/line.ts";
import { scatter } from "../../engine/chart/scatter.ts";
import { formatNumber } from "../../engine/chart/format.ts";
import type { ChartDescription, Point } from "../../engine/chart/types.ts";
import type { Evidence } from "../../engine/calibrate/evidence.ts";
import type { Observation } from "../../engine/calibrate/observation.ts";
import { calibrationMetrics, type CalibrationMetric, type Load } from "../../engine/calibrate/types.ts";
import { percent } from "../format.ts";
import type { Foretold } from "./question.ts";
import type { Limit, Reach } from "./reach.ts";

export const metricNames: Readonly<Record<CalibrationMetric, { readonly name: string; readonly unit: string }>> = {
  ttft: { name: "TTFT", unit: "s" },
  tpot: { name: "TPOT", unit: "s" },
  outputTokensPerSecond: { name: "Output tokens per second", unit: "tok/s" },
};

export const loadOf = (load: Load): number => load.concurrency ?? load.rate!;

/** Lengths that count as those of a curve: a run's means differ a little from what was asked for. */
const alike = (a: number, b: number): boolean => Math.abs(Math.log(a / b)) < 0.03;

export function sameShape(a: Load, b: Load): boolean {
  return alike(a.prompt, b.prompt) && alike(a.output, b.output) && (a.rate === undefined) === (b.rate === undefined);
}

/** One chart a metric that was measured. An endless queue ends its curve. */
export function curveCharts(
  curve: readonly Foretold[],
  observations: readonly Observation[],
  reach: Reach | undefined,
  limit: Limit | undefined,
): ChartDescription[] {
  const [first] = curve;
  if (!first) return [];
  const seen = calibrationMetrics.filter((metric) =>
    observations.some(({ measured }) => measured[metric] !== undefined),
  );
  const open = first.load.rate !== undefined;
  const shape = `${formatNumber(first.load.prompt)} → ${formatNumber(first.load.output)} tokens`;
  const most = Math.max(...curve.map(({ load }) => loadOf(load)));
  return seen.map((metric) => {
    const { name, unit } = metricNames[metric];
    const finite = (y: number): boolean => Number.isFinite(y) && !(unit === "s" && y >= 3600);
    const own = observations.filter(
      ({ load, measured }) => sameShape(load, first.load) && measured[metric] !== undefined,
    );
    const measured = own.map(({ load, measured: m }): Point => ({ x: loadOf(load), y: m[metric]! }));
    const told = curve.filter(({ twin }) => finite(twin[metric].value));
    return line({
      title: `${name}, ${shape}`,
      x: { label: open ? "Requests per second" : "Users", scale: "log" },
      y: { label: name, unit, scale: "log" },
      series: [
        {
          name: "twin, with its 95 % interval",
          points: told.map(({ load, twin }) => ({
            x: loadOf(load),
            y: twin[metric].value,
            low: twin[metric].low,
            high: Math.min(twin[metric].high, unit === "s" ? 3600 : Infinity),
          })),
        },
        {
          name: "expected before the points",
          points: curve
            .filter(({ before }) => finite(before[metric]) && before[metric] > 0)
            .map(({ load, before }) => ({ x: loadOf(load), y: before[metric] })),
        },
        // Last, and so on top.
        ...(measured.length > 0 ? [{ name: "measured", points: measured }] : []),
      ],
      marks: [
        ...(reach && reach.load.high < most ? [{ x: reach.load.high, label: "measured up to here" }] : []),
        ...(limit && !open && limit.users < most && limit.users > 1
          ? [{ x: limit.users, label: limit.by === "KV cache" ? "KV cache full" : "maxNumSeqs" }]
          : []),
      ],
    });
  });
}

/** How far the fitted constants alone are off, point by point. */
export function residualChart(
  { residuals }: Evidence,
  observations: readonly Observation[],
): ChartDescription | undefined {
  const misses = residuals.map(({ measured, model }) => Math.abs(model / measured - 1)).filter(Number.isFinite);
  if (misses.length === 0) return undefined;
  const worst = Math.max(...misses);
  const middle = [...misses].sort((a, b) => a - b)[Math.floor(misses.length / 2)]!;
  return scatter({
    title: "What the fitted constants leave unexplained",
    says: `With the fitted constants alone half of the ${residuals.length} figures are within ${percent(middle)}, the worst is off by ${percent(worst)}. A trend from left to right is a mechanism that the model lacks.`,
    x: { label: "Load", scale: "log" },
    y: { label: "Fitted ÷ measured − 1", unit: "%" },
    series: calibrationMetrics.flatMap((metric) => {
      const own = residuals.filter((r) => r.metric === metric);
      if (own.length === 0) return [];
      const points = own.map(({ point, measured, model }) => ({
        x: loadOf(observations[point]!.load),
        y: 100 * (model / measured - 1),
      }));
      return [{ name: metricNames[metric].name, points }];
    }),
    marks: [{ y: 0, label: "as measured" }],
  });
}
