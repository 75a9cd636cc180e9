/** The charts of the analyser: ECDF, histogram on a log axis, HdrHistogram's plot, and latency over time with a rolling p99. */
import { ecdf } from "../chart/ecdf.ts";
import { histogram } from "../chart/histogram.ts";
import { line } from "../chart/line.ts";
import { percentiles } from "../chart/percentiles.ts";
import { scatter } from "../chart/scatter.ts";
import type { ChartDescription, Point } from "../chart/types.ts";
import { atRank, ranks } from "../metrics/rank.ts";

export interface Drawn {
  readonly name: string;
  /** In order of time; no NaN, none below 0. Seconds. */
  readonly values: Float64Array;
  /** Seconds since the first request: when each of `values` left. */
  readonly times?: Float64Array;
  readonly sorted: Float64Array;
  /** Ascending, with what was not sent; the same as `sorted` without a correction. */
  readonly corrected: Float64Array;
}

/** Without values there is nothing to draw. */
export function chartsOf(samples: readonly Drawn[], label: string): ChartDescription[] {
  const drawn = samples
    .filter(({ sorted }) => sorted.length > 0)
    .flatMap(({ name, sorted, corrected }) => [
      { name, values: sorted },
      ...(corrected !== sorted ? [{ name: `${name}, corrected for omission`, values: corrected }] : []),
    ]);
  if (drawn.length === 0) return [];
  const above = drawn.map(({ name, values }) => ({ name, values: values.subarray(values.findIndex((v) => v > 0)) }));
  const positive = drawn.some(({ values }) => values[values.length - 1] > 0);
  const x = { label, unit: "s" };
  return [
    ecdf({
      title: `${label}: share at or below`,
      x: positive && drawn.every(({ values }) => values[0] > 0) ? { ...x, scale: "log" } : x,
      samples: drawn,
    }),
    ...(positive
      ? [histogram({ title: `${label}: histogram on a log axis`, x: { ...x, scale: "log" }, samples: above })]
      : []),
    percentiles({ title: `${label}: by percentile`, x, samples: drawn }),
    ...samples.flatMap((sample) => overTime(sample, label, samples.length > 1)),
  ];
}

/** Points of a scatter; beyond that each stretch shows its slowest and one other. */
const MOST_POINTS = 20_000;
const WINDOWS = 200;

function overTime({ name, times: places, values }: Drawn, label: string, several: boolean): ChartDescription[] {
  if (values.length < 2) return [];
  const at = (i: number) => places?.[i] ?? i;
  const step = Math.max(1, Math.ceil((2 * values.length) / MOST_POINTS));
  const points: Point[] = [];
  for (let from = 0; from < values.length; from += step) {
    let slowest = from;
    for (let i = from; i < Math.min(values.length, from + step); i++) if (values[i] > values[slowest]) slowest = i;
    if (slowest !== from) points.push({ x: at(from), y: values[from] });
    points.push({ x: at(slowest), y: values[slowest] });
  }
  const of = several ? ` of ${name}` : "";
  const x = places ? { label: "Time since the first", unit: "s" } : { label: "Request, in order" };
  const y = { label, unit: "s" };
  const window = Math.max(100, Math.ceil(values.length / WINDOWS));
  const cloud = scatter({
    title: `${label}${of} over ${places ? "time" : "the order of requests"}`,
    x,
    y,
    series: [{ name: "one request", points }],
  });
  if (values.length < 2 * window) return [cloud];
  const rolling: Point[] = [];
  const hop = Math.max(1, Math.ceil((values.length - window) / WINDOWS));
  for (let end = window; end <= values.length; end += hop)
    rolling.push({ x: at(end - 1), y: atRank(values.slice(end - window, end).sort(), 99, ranks.linear) });
  return [
    cloud,
    line({
      title: `Rolling p99${of}, ${window.toLocaleString("en-GB")} requests each`,
      x,
      y,
      series: [{ name: "p99 of the last ones", points: rolling }],
    }),
  ];
}
