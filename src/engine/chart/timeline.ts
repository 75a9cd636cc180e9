/** A server over time: how many sequences run, how many wait, how full the KV cache is. */
import { InputError } from "../errors.ts";
import { optionsOf } from "../options.ts";
import type { Run, Timeline } from "../run.ts";
import { formatNumber, withUnit } from "./format.ts";
import type { ChartDescription, RunChart } from "./types.ts";
import { checkChart, checkText } from "./validate.ts";
import { requireRun } from "../valid-run.ts";

/** Moments of the picture: each step of a long run, so that zooming in finds them. */
const MOST_MOMENTS = 100_000;
const MOST_ROWS = 600;
const panels = [
  { name: "batch", y: { label: "running", unit: "sequences" } },
  { name: "waiting", y: { label: "waiting", unit: "requests" } },
  { name: "blocks", y: { label: "KV cache", unit: "blocks" } },
] as const;

const timelineOptions = optionsOf<RunChart>({ title: "anything", says: "anything" });

/** Throws InputError for a run without a timeline. */
export function timeline(run: Run, c: RunChart = {}): ChartDescription {
  requireRun("run", run);
  checkChart(c, timelineOptions);
  const title = c.title ?? "The server over time";
  checkText(title, "title");
  const line = timelineOf(run);

  const peak = (values: Uint32Array) => values.reduce((a, b) => Math.max(a, b), 0);
  const drawn = panels.filter(({ name }) => name !== "blocks" || peak(line.blocks) > 0);
  // The largest of each stretch: a queue that was long for a moment still shows.
  const column = (name: (typeof panels)[number]["name"], parts: readonly [number, number][]) =>
    Uint32Array.from(parts, ([from, to]) => peak(line[name].subarray(from, to)));
  const moments = stretches(line.t.length, MOST_MOMENTS);
  const spec = {
    x: { label: "time", unit: "s" },
    t: Float64Array.from(moments, ([from]) => line.t[from]),
    panels: drawn.map(({ name, y }) => ({ y, values: column(name, moments) })),
    work: Uint8Array.from(moments, ([from, to]) => busiest(line, from, to)),
  };
  const rows = stretches(line.t.length, MOST_ROWS);
  const columns = drawn.map(({ name }) => column(name, rows));
  const blocks = drawn.length > 2 ? `, and the KV cache holds up to ${count(peak(line.blocks))} blocks` : "";
  return {
    kind: "timeline",
    title,
    finding:
      c.says ??
      `${peak(line.batch) === 0 ? "No sequence runs" : peak(line.batch) === 1 ? "At most one sequence runs" : `Up to ${count(peak(line.batch))} sequences run`} at once, ${waits(peak(line.waiting), run)}${blocks}; steps run ${formatNumber(100 * line.busy)} % of the time.`,
    table: {
      columns: ["time (s)", ...drawn.map(({ y }) => `${y.label} (${y.unit})`)],
      rows: rows.map(([from], i) => [line.t[from], ...columns.map((values) => values[i])]),
      ...(rows.length < line.t.length
        ? {
            note: `Each row is the largest value of a stretch: ${count(rows.length)} rows for ${count(line.t.length)} moments.`,
          }
        : {}),
    },
    spec,
  };
}

/** A run whose server never took a step has one moment, in which nothing happens. Throws InputError for a run without a timeline. */
function timelineOf({ timeline: line, origin }: Run): Timeline {
  if (line && line.t.length > 0) return line;
  if (!line || origin.kind !== "simulated")
    throw new InputError("run.timeline", line, "present: a simulated run, or one measured with server metrics");
  const none = new Uint32Array(1);
  return {
    t: new Float64Array(1),
    batch: none,
    tokens: none,
    blocks: none,
    waiting: none,
    bound: new Uint8Array(1),
    busy: 0,
  };
}

/** What the steps of a stretch did at most: 2 prefill, 1 decode alone, 0 nothing. */
function busiest(line: Timeline, from: number, to: number): number {
  let most = 0;
  for (let i = from; i < to; i++)
    most = Math.max(most, line.tokens[i] > line.batch[i] ? 2 : line.tokens[i] > 0 ? 1 : 0);
  return most;
}

function stretches(n: number, most: number): [number, number][] {
  const count = Math.min(n, most);
  return Array.from({ length: count }, (_, i) => [Math.floor((i * n) / count), Math.floor(((i + 1) * n) / count)]);
}

/** The samples are taken after a step has admitted whom it could, so that a short wait for the next step is in no sample. */
function waits(most: number, run: Run): string {
  if (most === 0) {
    const queued = Array.from(run.explain?.queue ?? []).filter((seconds) => seconds > 1e-9);
    if (queued.length === 0) return "none waits";
    const longest = withUnit(
      queued.reduce((a, b) => Math.max(a, b)),
      "s",
    );
    return `${count(queued.length)} of ${count(run.requests.count)} requests wait for a step to end, ${longest} at most`;
  }
  return most === 1 ? "at most one request waits" : `up to ${count(most)} requests wait`;
}

function count(n: number): string {
  return formatNumber(n, 7);
}
