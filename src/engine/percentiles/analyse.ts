/** Everything the analyser says about one metric of one set of requests, or of two that are compared. */
import { InputError } from "../errors.ts";
import { correctOmission } from "../metrics/correct-omission.ts";
import { difference, meanInterval, shareInterval } from "../metrics/mean-interval.ts";
import { intervalOfSorted } from "../metrics/percentile-interval.ts";
import { atRank, ranks } from "../metrics/rank.ts";
import type { PercentileMethod, Ranged } from "../metrics/types.ts";
import type { ChartDescription } from "../chart/types.ts";
import { chartsOf, type Drawn } from "./charts.ts";
import { dependenceOf, type Checked } from "./dependence.ts";
import { doubtsAbout } from "./doubts.ts";
import { metricLabel, requestsOf, type Mapping, type Metric, type Requests, type Settings } from "./settings.ts";
import { byMethod, shownPercentiles, statisticsOf, type Statistic } from "./statistics.ts";
import type { Table } from "./table.ts";
import { fanOutOf, hedgeOf, type FanOut, type Hedge } from "./tails.ts";

/** Requests of a set that are counted, and those that can't be. */
export interface Counts {
  readonly rows: number;
  /** Values of the metric. */
  readonly n: number;
  readonly failed: number;
  /** Neither failed nor with a value. */
  readonly missing: number;
  /** No latency is below 0: left out, and said. */
  readonly negative: number;
  readonly warmup: number;
}

export interface Attainment {
  /** Share of all requests, failed ones included, that met every bound. */
  readonly share: Ranged;
  /** Per second, where the file says when requests left. */
  readonly requestsPerSecond?: number;
}

/** Percentiles of parts, their average, and the percentile of all together. */
export interface Merge {
  /** What the parts are. */
  readonly by: string;
  readonly parts: readonly { readonly name: string; readonly n: number; readonly p99: number }[];
  readonly average: number;
  readonly merged: number;
}

export interface SetAnalysis {
  readonly name: string;
  readonly counts: Counts;
  readonly statistics: readonly Statistic[];
  readonly methods: readonly (readonly [PercentileMethod, number])[];
  readonly doubts: readonly string[];
  /** Whether neighbours are alike, which intervals take them not to be. */
  readonly dependence: Checked;
  /** Neighbours in time; else in the order of the rows. */
  readonly inTime: boolean;
  readonly mapping: readonly Mapping[];
  readonly attainment?: Attainment;
  /** The statistics with the requests that a waiting client did not send. */
  readonly corrected?: { readonly added: number; readonly statistics: readonly Statistic[] };
}

export interface Difference {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  /** B − A, 95 %; null where one of the samples is too small. */
  readonly delta: Ranged | null;
}

export interface Analysis {
  readonly metric: Metric;
  readonly metrics: readonly Metric[];
  readonly sets: readonly SetAnalysis[];
  readonly differences: readonly Difference[];
  readonly charts: readonly ChartDescription[];
  readonly merge?: Merge;
  readonly fanOut?: FanOut;
  readonly hedge?: Hedge;
  /** Values of the first set, ascending, seconds: all, or as many evenly spaced ones as code can hold. */
  readonly someValues: Float64Array;
}

export interface NamedTable {
  readonly name: string;
  readonly table: Table;
}

/** What is measured, sorted once. */
interface Sample extends Drawn {
  readonly requests: Requests;
  readonly counts: Counts;
}

const MOST_IN_CODE = 2000;

function evenly(sorted: Float64Array, most: number): Float64Array {
  if (sorted.length <= most) return sorted;
  return Float64Array.from({ length: most }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (most - 1))]);
}

/** One table, or A and B. Throws InputError, naming the setting at fault. */
export function analyse(tables: readonly NamedTable[], settings: Settings): Analysis {
  const requests = tables.map(({ table }, i) =>
    requestsOf(table, i === 1 && settings.b ? { ...settings, ...settings.b } : settings),
  );
  const metrics = [...requests[0].metrics].filter(([, v]) => v.some((x) => !Number.isNaN(x))).map(([name]) => name);
  const metric = settings.metric && metrics.includes(settings.metric) ? settings.metric : (metrics[0] ?? "latency");
  const samples = tables.map(({ name }, i) => sampleOf(name, requests[i], metric, settings));
  const [a, b] = samples;
  const { method } = settings;
  return {
    metric,
    metrics,
    sets: samples.map((sample): SetAnalysis => {
      const { name, counts, values, sorted, corrected, requests } = sample;
      const failed = counts.failed;
      return {
        name,
        counts,
        statistics: statisticsOf(values, sorted, method, failed),
        methods: sorted.length > 0 ? byMethod(sorted, 99) : [],
        doubts: doubtsAbout(sorted),
        dependence: dependenceOf(values, sorted),
        inTime: requests.time !== undefined,
        mapping: requests.mapping,
        ...(Object.keys(settings.slo).length > 0 ? { attainment: attainmentOf(requests, settings) } : {}),
        ...(corrected !== sorted
          ? {
              corrected: {
                added: corrected.length - sorted.length,
                statistics: statisticsOf(corrected, corrected, method, failed).map((s) => ({ ...s, interval: null })),
              },
            }
          : {}),
      };
    }),
    differences: b ? differencesOf(a, b, method) : [],
    charts: chartsOf(samples, metricLabel[metric]),
    someValues: evenly(a.sorted, MOST_IN_CODE),
    ...(a.sorted.length > 1
      ? {
          ...mergeOf(a, metric, method),
          fanOut: fanOutOf(a.sorted, settings.fanOut),
          hedge: hedgeOf(a.sorted, settings.hedge),
        }
      : {}),
  };
}

function sampleOf(name: string, requests: Requests, metric: Metric, { interval }: Settings): Sample {
  const all = requests.metrics.get(metric) ?? new Float64Array(0);
  const kept = new Float64Array(all.length);
  const { time } = requests;
  const when = time && new Float64Array(all.length);
  let [n, failed, missing, negative] = [0, 0, 0, 0];
  for (let i = 0; i < requests.count; i++) {
    const value = all[i];
    if (requests.failed[i] === 1) failed++;
    else if (value === undefined || Number.isNaN(value)) missing++;
    else if (value < 0) negative++;
    else {
      if (when) when[n] = time[i];
      kept[n++] = value;
    }
  }
  const values = kept.slice(0, n);
  const sorted = values.slice().sort();
  const corrected = interval === undefined || n === 0 ? sorted : correctedOf(sorted, interval);
  const counts = { rows: requests.count, n, failed, missing, negative, warmup: requests.warmup };
  const times = when?.slice(0, n);
  return {
    name,
    requests,
    values,
    ...(times?.every((t) => !Number.isNaN(t)) ? { times } : {}),
    sorted,
    corrected,
    counts,
  };
}

const MOST_ADDED = 5_000_000;

function correctedOf(sorted: Float64Array, interval: number): Float64Array {
  if (!(interval > 0 && interval < Infinity)) throw new InputError("the expected interval", interval, "a time above 0");
  const added = sorted.reduce((sum, value) => sum + Math.max(0, Math.floor(value / interval) - 1), 0);
  if (added > MOST_ADDED)
    throw new InputError(
      "the expected interval",
      interval,
      `longer: this one would add ${added.toLocaleString("en-GB")} values to ${sorted.length.toLocaleString("en-GB")}`,
    );
  return correctOmission(sorted, interval);
}

/** Failed requests miss every bound, and so does a request without a value for one. */
function attainmentOf(requests: Requests, { slo }: Settings): Attainment {
  const bounds = Object.entries(slo).map(([name, bound]) => {
    const values =
      requests.metrics.get(name as Metric) ?? (name === "e2e" ? requests.metrics.get("latency") : undefined);
    if (!values)
      throw new InputError(
        `the bound on ${metricLabel[name as Metric]}`,
        bound,
        "left out: no column of this table holds it",
      );
    if (!(bound > 0)) throw new InputError(`the bound on ${metricLabel[name as Metric]}`, bound, "a time above 0");
    return { values, bound };
  });
  let good = 0;
  for (let i = 0; i < requests.count; i++)
    if (requests.failed[i] === 0 && bounds.every(({ values, bound }) => values[i] <= bound)) good++;
  const share = shareInterval(good, requests.count);
  const duration = durationOf(requests);
  return { share, ...(duration > 0 ? { requestsPerSecond: good / duration } : {}) };
}

/** From the first start to the last end. */
function durationOf({ time, metrics, count }: Requests): number {
  if (!time) return 0;
  const e2e = metrics.get("e2e") ?? metrics.get("latency");
  let last = 0;
  for (let i = 0; i < count; i++) {
    const end = time[i] + (e2e?.[i] || 0);
    if (end > last) last = end;
  }
  return last;
}

function differencesOf(a: Sample, b: Sample, method: PercentileMethod): Difference[] {
  if (a.sorted.length === 0 || b.sorted.length === 0) return [];
  const rows: Difference[] = [];
  const [meanA, meanB] = [meanInterval(a.values), meanInterval(b.values)];
  if (meanA && meanB) rows.push({ name: "mean", a: meanA.value, b: meanB.value, delta: difference(meanA, meanB) });
  for (const q of shownPercentiles) {
    const [x, y] = [a, b].map(({ sorted }): Ranged | number => {
      const value = atRank(sorted, q, ranks[method]);
      const interval = intervalOfSorted(sorted, q);
      return interval ? { value, low: Math.min(value, interval[0]), high: Math.max(value, interval[1]) } : value;
    });
    const valueOf = (side: Ranged | number) => (typeof side === "number" ? side : side.value);
    const delta = typeof x === "number" || typeof y === "number" ? null : difference(x, y);
    rows.push({ name: `p${q}`, a: valueOf(x), b: valueOf(y), delta });
  }
  return rows;
}

const SLICES = 10;

/** By the column of groups, else ten stretches of time. */
function mergeOf({ requests, values, sorted }: Sample, metric: Metric, method: PercentileMethod): { merge?: Merge } {
  const parts: (readonly [name: string, own: Float64Array])[] = [];
  if (requests.groups.length > 1) {
    const own = requests.groups.map((): number[] => []);
    const all = requests.metrics.get(metric)!;
    for (let i = 0; i < requests.count; i++)
      if (requests.failed[i] === 0 && all[i] >= 0) own[requests.group![i]]!.push(all[i]);
    own.forEach((some, i) => some.length > 0 && parts.push([requests.groups[i]!, Float64Array.from(some)]));
  } else {
    if (values.length < SLICES * 10) return {};
    const place = (slice: number) => Math.floor((slice * values.length) / SLICES);
    for (let k = 0; k < SLICES; k++) parts.push([`tenth ${k + 1}`, values.slice(place(k), place(k + 1))]);
  }
  const found = parts.map(([name, own]) => ({ name, n: own.length, p99: atRank(own.sort(), 99, ranks[method]) }));
  return {
    merge: {
      by:
        requests.groups.length > 1
          ? (requests.mapping.find(({ role }) => role === "group")?.column ?? "group")
          : "time",
      parts: found,
      average: found.reduce((sum, { p99 }) => sum + p99, 0) / found.length,
      merged: atRank(sorted, 99, ranks[method]),
    },
  };
}
