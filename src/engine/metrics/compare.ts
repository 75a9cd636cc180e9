/** Two runs side by side: what changed, and whether the change is larger than chance. */
import type { Run } from "../run.ts";
import { distribution } from "./distribution.ts";
import { difference, meanInterval } from "./mean-interval.ts";
import { measure, type Measured } from "./measure.ts";
import type { Comparison, Ranged, SummaryOptions } from "./types.ts";

const metrics = ["ttft", "tpot", "e2e"] as const;
const quantiles = [50, 95, 99] as const;
/** Throughput is compared over this many equal slices of each run. */
const SLICES = 20;
/** 97.5 % point of Student's t with SLICES − 1 degrees of freedom, over that of the normal distribution. */
const STUDENT = 2.0930240544 / 1.959963984540054;

/**
 * Rows "ttft mean", "ttft p50", … in seconds, and "output tokens/s", "requests/s"; `delta` is b − a with a 95 % interval, and
 * `changed` names the rows whose interval leaves out 0. Percentiles: order statistics, combined as in `difference`; a row
 * whose samples are too few for an interval (p99: fewer than 368) is left out. Throughput: means of 20 slices of time.
 * The intervals take requests as independent; under a long queue neighbours are not, and the truth is wider.
 */
export function compare(a: Run, b: Run, options: SummaryOptions = {}): Comparison {
  const estimates = [a, b].map((run) => estimatesOf(measure(run, options)));
  const rows = [...estimates[0]].flatMap(([metric, before]) => {
    const after = estimates[1].get(metric);
    return after ? [{ metric, a: before.value, b: after.value, delta: difference(before, after) }] : [];
  });
  return { rows, changed: rows.filter(({ delta }) => delta.low > 0 || delta.high < 0).map((row) => row.metric) };
}

function estimatesOf(measured: Measured): Map<string, Ranged> {
  const out = new Map<string, Ranged>();
  for (const name of metrics) {
    const samples = distribution(measured.requests.flatMap((r) => r.metrics?.[name] ?? []));
    const mean = meanInterval(samples.values ?? []);
    if (mean) out.set(`${name} mean`, mean);
    for (const q of quantiles) {
      const interval = samples.interval(q);
      if (interval) out.set(`${name} p${q}`, { value: samples.p(q), low: interval[0], high: interval[1] });
    }
  }
  const { tokens, requests } = slices(measured);
  out.set("output tokens/s", tokens).set("requests/s", requests);
  return out;
}

/** Rates per second with a Student interval over equal slices: tokens and requests count when a request ends. */
function slices({ window, requests }: Measured): { tokens: Ranged; requests: Ranged } {
  const tokens = new Float64Array(SLICES);
  const ended = new Float64Array(SLICES);
  const seconds = (window.to - window.from) / SLICES;
  if (seconds > 0)
    for (const { record, metrics: values } of requests) {
      if (!values) continue;
      const slice = Math.min(SLICES - 1, Math.max(0, Math.floor((record.last - window.from) / seconds)));
      tokens[slice] += values.outputTokens / seconds;
      ended[slice] += 1 / seconds;
    }
  const widened = (values: Float64Array): Ranged => {
    const { value, low, high } = meanInterval(values) as Ranged;
    return { value, low: value - STUDENT * (value - low), high: value + STUDENT * (high - value) };
  };
  return { tokens: widened(tokens), requests: widened(ended) };
}
