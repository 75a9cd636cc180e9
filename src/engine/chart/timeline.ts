/** A server over time: how many sequences run, how many wait, how full the KV cache is. */
import { InputError } from "../errors.ts";
import type { Run } from "../run.ts";
import { formatNumber } from "./format.ts";
import type { ChartDescription } from "./types.ts";
import { checkText } from "./validate.ts";

const MOST_MOMENTS = 600;
const panels = [
  { name: "batch", y: { label: "running", unit: "sequences" } },
  { name: "waiting", y: { label: "waiting", unit: "requests" } },
  { name: "blocks", y: { label: "KV cache", unit: "blocks" } },
] as const;

/** Throws InputError for a run without a timeline. */
export function timeline(run: Run, c: { title?: string } = {}): ChartDescription {
  const title = c.title ?? "The server over time";
  checkText(title, "title");
  const line = run.timeline;
  if (!line || line.t.length === 0)
    throw new InputError("run.timeline", line, "present: a simulated run, or one measured with server metrics");

  const peak = (values: Uint32Array) => values.reduce((a, b) => Math.max(a, b), 0);
  const drawn = panels.filter(({ name }) => name !== "blocks" || peak(line.blocks) > 0);
  const stretch = stretches(line.t.length);
  const spec = {
    x: { label: "time", unit: "s" },
    t: stretch.map(([from]) => line.t[from]),
    // The largest of each stretch: a queue that was long for a moment still shows.
    panels: drawn.map(({ name, y }) => ({
      y,
      values: stretch.map(([from, to]) => peak(line[name].subarray(from, to))),
    })),
  };
  const blocks = drawn.length > 2 ? `, and the KV cache holds up to ${count(peak(line.blocks))} blocks` : "";
  return {
    kind: "timeline",
    title,
    finding: `${peak(line.batch) === 1 ? "At most one sequence runs" : `Up to ${count(peak(line.batch))} sequences run`} at once, ${waits(peak(line.waiting))}${blocks}; steps run ${formatNumber(100 * line.busy)} % of the time.`,
    table: {
      columns: ["time (s)", ...drawn.map(({ y }) => `${y.label} (${y.unit})`)],
      rows: spec.t.map((t, i) => [t, ...spec.panels.map((p) => p.values[i])]),
      ...(stretch.length < line.t.length
        ? { note: `Each row is the largest value of a stretch: ${stretch.length} rows for ${line.t.length} moments.` }
        : {}),
    },
    spec,
  };
}

function stretches(n: number): [number, number][] {
  const count = Math.min(n, MOST_MOMENTS);
  return Array.from({ length: count }, (_, i) => [Math.floor((i * n) / count), Math.floor(((i + 1) * n) / count)]);
}

function waits(most: number): string {
  if (most === 0) return "none waits";
  return most === 1 ? "at most one request waits" : `up to ${count(most)} requests wait`;
}

function count(n: number): string {
  return formatNumber(n, 7);
}
