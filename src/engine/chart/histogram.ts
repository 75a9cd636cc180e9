/** A histogram with round bins shared by all samples; bins are equal factors apart on a log axis. */
import { atRank, ranks } from "../metrics/rank.ts";
import { axisTitle, formatNumber, withUnit } from "./format.ts";
import { sortedSamplesOf, type SortedSample } from "./sorted-samples.ts";
import { geometricEdges, linearEdges } from "./ticks.ts";
import type { Axis, ChartDescription, DistributionChart, HistogramSpec } from "./types.ts";

const MOST_BINS = 40;

/** Throws InputError for what can't be drawn. */
export function histogram(c: DistributionChart): ChartDescription {
  const samples = sortedSamplesOf(c);
  const edges = edgesOf(c.x, samples);
  const series = samples.map(({ name, values }) => ({ name, counts: countIn(values, edges) }));
  return {
    kind: "histogram",
    title: c.title,
    finding: c.says ?? finding(c.x, samples, edges, series),
    table: {
      columns: [
        axisTitle({ ...c.x, label: "from" }),
        axisTitle({ ...c.x, label: "to" }),
        ...samples.map((s) => s.name),
      ],
      rows: edges.slice(0, -1).map((edge, i) => [edge, edges[i + 1], ...series.map((s) => s.counts[i])]),
    },
    spec: { x: c.x, y: { label: "count" }, edges, series, ...(c.marks ? { marks: c.marks } : {}) },
  };
}

function edgesOf(x: Axis, samples: readonly SortedSample[]): number[] {
  const some = samples.filter((s) => s.values.length > 0);
  if (some.length === 0) return x.scale === "log" ? [1, 10] : [0, 1];
  const low = Math.min(...some.map((s) => s.values[0]));
  const high = Math.max(...some.map((s) => s.values[s.values.length - 1]));
  const most = Math.max(...some.map((s) => s.values.length));
  const bins = Math.min(MOST_BINS, Math.max(5, Math.ceil(2 * Math.sqrt(most))));
  if (low === high) return around(low, x.scale === "log");
  return x.scale === "log" ? geometricEdges(low, high, bins) : linearEdges(low, high, bins);
}

/** One bin around a value that all have: half a unit to both sides, or as much as tells the edges apart. */
function around(value: number, log: boolean): number[] {
  if (log) return [Math.max(value / 1.1, Number.MIN_VALUE), Math.min(value * 1.1, Number.MAX_VALUE)];
  const half = Math.max(0.5, Math.abs(value) * 1e-6);
  return [Math.max(value - half, -Number.MAX_VALUE), Math.min(value + half, Number.MAX_VALUE)];
}

/** Values per bin; a value on an edge counts above it, the largest in the last bin. */
function countIn(values: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  let bin = 0;
  for (const value of values) {
    while (bin < counts.length - 1 && value >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  return counts;
}

function finding(
  x: Axis,
  samples: readonly SortedSample[],
  edges: readonly number[],
  series: HistogramSpec["series"],
): string {
  const s = samples.findIndex((sample) => sample.values.length > 0);
  if (s < 0) return "There is no data yet.";
  const { name, values } = samples[s];
  const [lower, upper] = [25, 75].map((q) => withUnit(atRank(values, q, ranks.linear), x.unit));
  const { counts } = series[s];
  const fullest = counts.indexOf(Math.max(...counts));
  const who = samples.length > 1 ? ` of ${name}` : "";
  if (values.length === 1) return `The only value${who} is ${lower}.`;
  return `The middle half of ${formatNumber(values.length, 6)} values${who} lies from ${lower} to ${upper}; the fullest bin, ${withUnit(edges[fullest], x.unit)} to ${withUnit(edges[fullest + 1], x.unit)}, holds ${formatNumber((100 * counts[fullest]) / values.length)} % of them.`;
}
