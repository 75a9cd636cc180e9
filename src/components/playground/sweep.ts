/** Goodput over the load: the same server under lighter and heavier loads, up to where it gives way. */
import { line } from "../../engine/chart/line.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";
import { InputError } from "../../engine/errors.ts";
import { summarize } from "../../engine/metrics/summarize.ts";
import { simulate } from "../../engine/simulate/simulate.ts";
import type { RequestTable } from "../../engine/workload/request-table.ts";
import type { Load, Setup } from "./configure.ts";
import { goodOf, workloadOf } from "./picture.ts";

export interface SweepPoint {
  /** Requests per second, users, or times as fast: what `axis` says. */
  readonly load: number;
  readonly requestsPerSecond: number;
  /** Of those, the ones that met the objective. */
  readonly goodPerSecond: number;
  /** Share of all requests that met it, 0–1. */
  readonly attainment: number;
  /** Seconds. */
  readonly ttft99: number;
  readonly tpot99: number;
}

export interface Sweep {
  readonly axis: string;
  readonly points: readonly SweepPoint[];
  /** The highest load tried at which the objective was met as often as `enough`, with all lighter ones; null where not even the lightest. */
  readonly safe: number | null;
  readonly charts: readonly ChartDescription[];
}

/** Nine of ten requests: what DistServe (OSDI 2024) holds goodput to. */
export const enough = 0.9;
/** Of the load that is set: from a tenth to four times. */
const factors = [0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1, 1.25, 1.6, 2, 2.8, 4];
const mostRequests = 2000;

/** What `factor` times the load is; null for a load that has no one number to turn. */
function scaled(
  load: Load,
  factor: number,
): { readonly load: Load; readonly value: number; readonly axis: string } | null {
  if (load.kind === "replay") {
    const speed = load.speed * factor;
    return { load: { ...load, speed }, value: speed, axis: "Times as fast as recorded" };
  }
  const { arrivals } = load.workload;
  if (arrivals.kind === "closed") {
    const users = Math.max(1, Math.round(arrivals.users * factor));
    return {
      load: { ...load, workload: { ...load.workload, arrivals: { ...arrivals, users } } },
      value: users,
      axis: "Users",
    };
  }
  if (!("rate" in arrivals)) return null;
  const rate = arrivals.rate * factor;
  return {
    load: { ...load, workload: { ...load.workload, arrivals: { ...arrivals, rate } } },
    value: rate,
    axis: "Requests per second",
  };
}

/** Throws InputError without an objective, and for loads that can't be made lighter. */
export function sweep(
  setup: Setup,
  table: RequestTable | undefined,
  onProgress: (share: number) => void = () => {},
): Sweep {
  if (Object.keys(setup.slo).length === 0)
    throw new InputError(
      "slo-ttft",
      "",
      "a bound",
      "Goodput needs an objective: give a bound on TTFT, TPOT or the whole",
    );
  const points: SweepPoint[] = [];
  let axis = "";
  factors.forEach((factor, i) => {
    const at = scaled(setup.load, factor);
    if (at === null)
      throw new InputError(
        "arrivals",
        "",
        "a rate",
        "A burst or a growing rate is one load, not a row of them: choose arrivals with a rate, users or a trace",
      );
    if (points.at(-1)?.load === at.value) return;
    ({ axis } = at);
    const run = simulate(setup.server, workloadOf(at.load, table, mostRequests), {
      onProgress: (share) => onProgress((i + share) / factors.length),
    });
    const summary = summarize(run);
    const good = goodOf(run, setup.slo)!;
    const p99 = ({ n, p }: typeof summary.ttft) => (n > 0 ? p(99) : NaN);
    points.push({
      load: at.value,
      requestsPerSecond: summary.requestsPerSecond,
      goodPerSecond: good.requestsPerSecond,
      attainment: good.attainment,
      ttft99: p99(summary.ttft),
      tpot99: p99(summary.tpot),
    });
  });
  const failing = points.findIndex(({ attainment }) => attainment < enough);
  const safe = (failing < 0 ? points.at(-1) : points[failing - 1])?.load ?? null;
  return { axis, points, safe, charts: chartsOf(axis, points, setup, safe) };
}

function chartsOf(
  axis: string,
  points: readonly SweepPoint[],
  { slo }: Setup,
  safe: number | null,
): readonly ChartDescription[] {
  const x = { label: axis, scale: "log" } as const;
  const through = (read: (point: SweepPoint) => number) =>
    points.map((point) => ({ x: point.load, y: read(point) })).filter(({ y }) => Number.isFinite(y));
  const mark = safe === null ? {} : { marks: [{ x: safe, label: "90 % within the objective" }] };
  const p99s = [
    { name: "TTFT p99", points: through(({ ttft99 }) => ttft99) },
    { name: "TPOT p99", points: through(({ tpot99 }) => tpot99) },
  ].filter((series) => series.points.length > 0);
  const bounds = [
    ...(slo.ttft === undefined ? [] : [{ y: slo.ttft, label: "TTFT bound" }]),
    ...(slo.tpot === undefined ? [] : [{ y: slo.tpot, label: "TPOT bound" }]),
  ];
  return [
    line({
      title: "Goodput over the load",
      x,
      y: { label: "Requests per second" },
      series: [
        { name: "served", points: through(({ requestsPerSecond }) => requestsPerSecond) },
        { name: "served within the objective", points: through(({ goodPerSecond }) => goodPerSecond) },
      ],
      ...mark,
    }),
    ...(p99s.length === 0
      ? []
      : [
          line({
            title: "The slowest one in a hundred, over the load",
            x,
            y: { label: "Time", unit: "s", scale: "log" },
            series: p99s,
            marks: bounds,
          }),
        ]),
  ];
}
