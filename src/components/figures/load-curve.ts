/** A server under growing load: throughput against latency, and how much of it keeps its promise. The knee and goodput are read off it. */
import { goodput, simulate, summarize } from "../../engine/index.ts";
import { line } from "../../engine/chart/index.ts";
import type { Slo } from "../../engine/metrics/types.ts";
import type { Server } from "../../engine/server.ts";
import type { Workload } from "../../engine/workload/types.ts";
import { number, percent, time } from "../format.ts";
import type { MovingFigure } from "./moving.ts";

interface Options {
  readonly server: Server;
  /** Growing; `load` is in the unit of `axis`. */
  readonly loads: readonly { readonly load: number; readonly workload: Workload }[];
  /** What `load` counts: "Users", "Requests per second offered". */
  readonly axis: string;
  /** One load in words: (64) => "64 users". */
  readonly inWords: (load: number) => string;
  /** What a request must keep to count as good. */
  readonly slo: Slo;
  readonly title?: string;
}

export interface MeasuredLoad {
  readonly load: number;
  /** Per second. */
  readonly requests: number;
  readonly tokens: number;
  /** Medians and p99s, seconds. */
  readonly e2e: number;
  readonly ttft: number;
  readonly ttft99: number;
  readonly tpot99: number;
  readonly goodput: number;
  readonly attainment: number;
}

/** One simulation a load. */
export function measureLoads({
  server,
  loads,
  slo,
}: Pick<Options, "server" | "loads" | "slo">): readonly MeasuredLoad[] {
  return loads.map(({ load, workload }) => {
    const run = simulate(server, workload);
    const summary = summarize(run);
    const { requestsPerSecond, attainment } = goodput(run, slo);
    return {
      load,
      requests: summary.requestsPerSecond,
      tokens: summary.outputTokensPerSecond,
      e2e: summary.e2e.p(50),
      ttft: summary.ttft.p(50),
      ttft99: summary.ttft.p(99),
      tpot99: summary.tpot.p(99),
      goodput: requestsPerSecond,
      attainment,
    };
  });
}

/**
 * Index of the knee: the last load before a per cent more throughput costs more than a per cent of latency. Where that never
 * happens, the last.
 */
export function kneeOf(points: readonly { readonly tokens: number; readonly e2e: number }[]): number {
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const gained = Math.log(b.tokens / a.tokens);
    if (gained <= 0 || Math.log(b.e2e / a.e2e) > gained) return i - 1;
  }
  return points.length - 1;
}

/** Frames are named "load-64" and so on; "knee", and "peak", where goodput is highest, are two of them (or one). */
export function loadCurve(options: Options): MovingFigure {
  const { axis, inWords, slo, loads, title = "The curve every server has" } = options;
  const points = measureLoads(options);
  const knee = kneeOf(points);
  const peak = points.reduce((best, point, i) => (point.goodput > points[best]!.goodput ? i : best), 0);
  const promise = Object.entries(slo)
    .map(([metric, bound]) => `${metric.toUpperCase()} ≤ ${time(bound as number)}`)
    .join(", ");
  return {
    title,
    slider: axis,
    origin: { kind: "simulated", seed: loads[0]?.workload.seed ?? 0 },
    still: knee,
    play: 900,
    frames: points.map((point, i) => ({
      name: [`load-${point.load}`, ...(i === knee ? ["knee"] : []), ...(i === peak ? ["peak"] : [])].join(" "),
      at: inWords(point.load),
      says: `${inWords(point.load)}: ${number(point.tokens)} tokens a second at a median of ${time(point.e2e)}; ${percent(point.attainment)} of the requests keep ${promise}. ${place(i, knee, peak)}`.trim(),
      readings: [
        ["throughput", `${number(point.tokens)} tok/s`],
        ["median latency", time(point.e2e)],
        ["TTFT, p99", time(point.ttft99)],
        ["TPOT, p99", time(point.tpot99)],
        ["completed", `${number(point.requests)}/s`],
        ["goodput", `${number(point.goodput)}/s`],
      ],
      panels: [
        line({
          title: "Throughput and latency",
          x: { label: "Output tokens per second, all users" },
          y: { label: "Median end-to-end latency", unit: "s" },
          series: [
            {
              name: "load",
              points: points.map(({ load, tokens, e2e }) => ({ x: tokens, y: e2e, label: inWords(load) })),
            },
          ],
          marks: [{ x: point.tokens, label: i === knee ? "the knee" : inWords(point.load) }],
        }),
        line({
          title: `Goodput: requests that keep ${promise}`,
          x: { label: axis, scale: "log" },
          y: { label: "Requests per second" },
          series: [
            { name: "completed", points: points.map(({ load, requests }) => ({ x: load, y: requests })) },
            { name: "goodput", points: points.map(({ load, goodput: good }) => ({ x: load, y: good })) },
          ],
          marks: [{ x: point.load, label: inWords(point.load) }],
        }),
      ],
    })),
  };
}

function place(i: number, knee: number, peak: number): string {
  if (i === knee) return i === peak ? "The knee, and the most goodput there is." : "The knee.";
  if (i === peak) return "The most goodput there is.";
  return i < knee ? "Before the knee: more load costs little." : "Past the knee: more load is mostly more waiting.";
}
