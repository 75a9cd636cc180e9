/** Two runs side by side: what changed, and whether the change is larger than chance. */
import type { Run } from "../run.ts";
import { fewestFor, ofGaps, ofRequests, type Estimated, type EstimatedMetric } from "./intervals-in-time.ts";
import { loadDifferences } from "./loads.ts";
import { difference, shareInterval } from "./mean-interval.ts";
import { measure, type Measured, type MeasuredRequest } from "./measure.ts";
import { lagFor } from "./neighbours.ts";
import { inFlight, throughputOf } from "./throughput.ts";
import type { ComparedRow, Comparison, Outcome, Ranged, SummaryOptions } from "./types.ts";

const times = ["ttft", "tpot", "e2e"] as const;
const quantiles = [50, 95, 99] as const;
const shares = ["succeeded", "failed", "cancelled", "unsent"] as const;
const order: readonly string[] = [
  ...shares,
  ...["ttft", "tpot", "itl", "e2e"].flatMap((name) => [`${name} mean`, ...quantiles.map((q) => `${name} p${q}`)]),
  "output tokens/s",
  "requests/s",
];

interface Estimate {
  readonly unit: ComparedRow["unit"];
  readonly better: ComparedRow["better"];
  readonly ranged: Ranged;
}

interface Estimates {
  readonly outcome: Outcome;
  readonly rows: ReadonlyMap<string, Estimate>;
  /** Rows that this run has no interval for, and why. */
  readonly missing: ReadonlyMap<string, string>;
  /** What is known of every time, with an interval or without: "100 ms of 40". */
  readonly known: ReadonlyMap<string, string>;
}

/**
 * First "succeeded", and "failed", "cancelled" and "unsent" where there were any: shares of the scheduled requests. Then
 * "ttft mean", "ttft p50", … and "itl …" in seconds, "output tokens/s" and "requests/s". `delta` is b − a with a 95 %
 * interval, and `changed` names the rows whose interval leaves out 0. Shares: Wilson. Times: means by Student's t,
 * percentiles by order statistics, both widened as far as neighbouring requests depend on each other. Throughput: see
 * `throughputOf`. `leftOut` says which rows are missing and why, `loads` how the loads of the runs differ.
 */
export function compare(a: Run, b: Run, options: SummaryOptions = {}): Comparison {
  const [before, after] = [a, b].map((run) => estimatesOf(measure(run, options)));
  const rows = order.flatMap((metric): ComparedRow[] => {
    const [x, y] = [before.rows.get(metric), after.rows.get(metric)];
    const known = x ?? y;
    // A share that one run has and the other lacks is 0 there; other rows need both.
    if (!known || (known.unit !== "share" && !(x && y))) return [];
    const [from, to] = [x, y].map((row) => row?.ranged ?? { value: 0, low: 0, high: 0 });
    const { unit, better } = known;
    return [{ metric, a: from.value, b: to.value, delta: difference(from, to), unit, better }];
  });
  return {
    rows,
    changed: rows.filter(({ delta }) => delta.low > 0 || delta.high < 0).map((row) => row.metric),
    outcomes: [before.outcome, after.outcome],
    leftOut: order.flatMap((metric) => {
      const why = before.missing.get(metric) ?? after.missing.get(metric);
      if (why === undefined) return [];
      const known = [before, after].flatMap(({ known }, i) =>
        known.has(metric) ? [`${"ab"[i]} ${known.get(metric)}`] : [],
      );
      return [`${metric}: ${[...known, why].join(", ")}`];
    }),
    loads: loadDifferences(a, b),
  };
}

function estimatesOf(measured: Measured): Estimates {
  const { requests, rules } = measured;
  const outcome = outcomeOf(requests);
  const rows = new Map<string, Estimate>();
  const missing = new Map<string, string>();
  const known = new Map<string, string>();
  for (const name of shares)
    if (name === "succeeded" || outcome[name] > 0) {
      const ranged = shareInterval(outcome[name], outcome.scheduled);
      rows.set(name, { unit: "share", better: name === "succeeded" ? "high" : "low", ranged });
    }
  for (const { name, of, metric } of metricsOf(requests, rules.rank)) {
    const put = (row: string, { value, ranged }: Estimated, needs: string): void => {
      known.set(row, `${Number((1000 * value).toPrecision(4))} ms of ${of}`);
      if (ranged) rows.set(row, { unit: "s", better: "low", ranged: { ...ranged, low: Math.max(0, ranged.low) } });
      else missing.set(row, `an interval needs ${needs}`);
    };
    put(`${name} mean`, metric.mean, "more of them");
    for (const q of quantiles)
      put(`${name} p${q}`, metric.at(q), `${fewestFor(q)} requests that don't depend on each other`);
  }
  const throughput = throughputOf(measured);
  if (throughput) {
    rows.set("output tokens/s", { unit: "/s", better: "high", ranged: throughput.tokens });
    rows.set("requests/s", { unit: "/s", better: "high", ranged: throughput.requests });
  } else if (outcome.succeeded > 0)
    for (const metric of ["output tokens/s", "requests/s"])
      missing.set(metric, requests.length < 2 ? "they need 2 requests" : "they need to know when requests left");
  return { outcome, rows, missing, known };
}

interface NamedMetric {
  readonly name: string;
  /** How many values, in words. */
  readonly of: string;
  readonly metric: EstimatedMetric;
}

/** The metrics of which there are values, of the successful requests in the order in which they left. */
function metricsOf(requests: readonly MeasuredRequest[], rank: Measured["rules"]["rank"]): NamedMetric[] {
  const done = requests.filter(({ metrics }) => metrics).sort((x, y) => x.record.started - y.record.started);
  if (done.length === 0) return [];
  const starts = done.map(({ record }) => record.started);
  const ends = done.map(({ record }, i) => Math.max(starts[i], record.closed || record.last || starts[i]));
  const lag = lagFor(done.length, inFlight(starts, ends).peak);
  const out = times.flatMap((name): NamedMetric[] => {
    const values = done.flatMap(({ metrics }) => metrics![name] ?? []);
    return values.length > 0 ? [{ name, of: `${values.length}`, metric: ofRequests(values, rank, lag) }] : [];
  });
  const withGaps = done.flatMap(({ metrics }) => (metrics && metrics.itl.length > 0 ? [metrics] : []));
  if (withGaps.length === 0) return out;
  const weights = withGaps.map(({ itlWeight }) => itlWeight ?? 1);
  const itl = ofGaps(
    withGaps.map((metrics) => metrics.itl),
    weights,
    rank,
    lag,
  );
  return [...out, { name: "itl", of: `the gaps of ${withGaps.length} requests`, metric: itl }];
}

function outcomeOf(requests: readonly MeasuredRequest[]): Outcome {
  const count = (...of: string[]) => requests.filter(({ record }) => of.includes(record.status)).length;
  return {
    scheduled: requests.length,
    succeeded: count("succeeded"),
    failed: count("failed", "timedOut", "refused"),
    cancelled: count("cancelled"),
    unsent: count("unsent"),
  };
}
