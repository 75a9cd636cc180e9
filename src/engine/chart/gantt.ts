/** Requests as rows: where each one waited, was prefilled and decoded. */
import { InputError } from "../errors.ts";
import { optionsOf } from "../options.ts";
import { percentile } from "../metrics/percentile.ts";
import { statuses, type Run } from "../run.ts";
import { withUnit } from "./format.ts";
import type { ChartDescription, GanttChart, GanttSpec } from "./types.ts";
import { checkChart, checkText, checkList } from "./validate.ts";
import { requireRun } from "../valid-run.ts";

const DEFAULT_ROWS = 40;
const MOST_ROWS = 20_000;
const [CLIENT, QUEUE, PREFILL, DECODE, PREEMPTED] = [0, 1, 2, 3, 4];
const kinds = ["held by the client", "queue", "prefill", "decode", "lost to preemption"];

const ganttOptions = optionsOf<GanttChart>({ title: "anything", says: "anything", requests: "anything" });

/**
 * Requests from the first to before the second of `requests` (default the first 40). Where the run doesn't say how long a
 * request queued, as in a measured one, all of its time to first token counts as prefill, and the kinds say so.
 * Throws InputError for a range without requests.
 */
export function gantt(run: Run, c: GanttChart = {}): ChartDescription {
  requireRun("run", run);
  checkChart(c, ganttOptions);
  const title = c.title ?? "Requests over time";
  checkText(title, "title");
  const r = run.requests;
  if (c.requests !== undefined) checkList(c.requests, "requests");
  const [from, to] = c.requests ?? [0, Math.min(r.count, DEFAULT_ROWS)];
  if (!(
    Number.isInteger(from) &&
    Number.isInteger(to) &&
    from >= 0 &&
    from < to &&
    to <= r.count &&
    to - from <= MOST_ROWS
  ))
    throw new InputError("requests", [from, to], `[from, to) within 0 and ${r.count}, at most ${MOST_ROWS} of them`);

  const explained = run.explain;
  const names = explained ? kinds : [kinds[0], kinds[1], "queue and prefill", kinds[3], kinds[4]];
  const rows: GanttSpec["rows"][number][] = [];
  for (let i = from; i < to; i++) {
    const spans: { from: number; to: number; kind: number }[] = [];
    const span = (kind: number, begin: number, end: number) => {
      if (end > begin) spans.push({ from: begin, to: end, kind });
    };
    const admitted = explained ? r.started[i] + explained.queue[i] : r.started[i];
    const first = Number.isNaN(r.first[i]) ? r.closed[i] : r.first[i];
    span(CLIENT, r.scheduled[i], r.started[i]);
    span(QUEUE, r.started[i], Math.min(admitted, first));
    const lost = [explained?.preemption[i] || 0, explained?.decodePreemption[i] || 0];
    const prefilled = Math.max(Math.min(admitted, first), first - lost[0]);
    const decoded = Math.max(first, r.last[i] - lost[1]);
    span(PREFILL, Math.min(admitted, first), prefilled);
    span(PREEMPTED, prefilled, first);
    span(DECODE, first, decoded);
    span(PREEMPTED, decoded, r.last[i]);
    const status = statuses[r.status[i]];
    rows.push({ label: status === "succeeded" ? `${i}` : `${i} (${status})`, spans });
  }
  const used = names.filter((_, k) => rows.some((row) => row.spans.some((s) => s.kind === k)));
  return {
    kind: "gantt",
    title,
    finding: c.says ?? finding(rows, names),
    ...(used.includes(kinds[PREEMPTED])
      ? { note: "Time lost to preemption is drawn at the end of its phase: a run keeps how long it was, not when." }
      : {}),
    table: {
      columns: ["request", "from (s)", ...used.map((name) => `${name} (s)`)],
      rows: rows.map(({ label, spans }) => [
        label,
        spans[0]?.from ?? "",
        ...used.map((name) => spans.filter((s) => names[s.kind] === name).reduce((sum, s) => sum + s.to - s.from, 0)),
      ]),
    },
    spec: { x: { label: "time", unit: "s" }, kinds: names, rows },
  };
}

function finding(rows: GanttSpec["rows"], names: readonly string[]): string {
  const parts = names.flatMap((name, k) => {
    const times = rows.map((row) => row.spans.filter((s) => s.kind === k).reduce((sum, s) => sum + s.to - s.from, 0));
    return times.some((t) => t > 0) ? [`${withUnit(percentile(times, 50), "s")} of ${name}`] : [];
  });
  if (rows.length === 1 && parts.length > 0) return `Request ${rows[0].label}: ${parts.join(", ")}.`;
  if (parts.length === 0) return `None of ${rows.length} requests got anywhere.`;
  const lasts = rows.map(({ spans }) => (spans.length > 0 ? spans[spans.length - 1].to - spans[0].from : 0));
  const longest = lasts.indexOf(Math.max(...lasts));
  return `The median of ${rows.length} requests: ${parts.join(", ")}; request ${rows[longest].label} takes longest, ${withUnit(lasts[longest], "s")}.`;
}
