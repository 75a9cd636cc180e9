/** Schedules beside each other, step by step: who waits, who is prefilled, who writes, and which slots are held for nobody. */
import type { ChartDescription } from "../../engine/chart/types.ts";
import type { Run } from "../../engine/run.ts";
import { count, time } from "../format.ts";
import type { Frame, MovingFigure } from "./moving.ts";

const kinds = ["waits", "prefill", "writes", "done, slot held"] as const;
const [WAITS, PREFILL, WRITES, HELD] = [0, 1, 2, 3];
/** Frames at most; of longer schedules every k-th step. */
const MOST_FRAMES = 48;

export interface Schedule {
  readonly name: string;
  /** Simulated, with chunks. */
  readonly run: Run;
  /** Tokens that each request wanted, where the server computes more of them: its slot is held until its row ends. */
  readonly wanted?: readonly number[];
}

interface Options {
  readonly title: string;
  readonly schedules: readonly Schedule[];
  /** Seconds at which the still stands. */
  readonly still: number;
  /** Moments that a <Point> can name, seconds. */
  readonly moments?: Readonly<Record<string, number>>;
}

interface Row {
  readonly arrived: number;
  readonly admitted: number;
  readonly first: number;
  readonly last: number;
  /** When its slot is free for another. */
  readonly leaves: number;
}

/**
 * One panel a schedule, one row a request. A frame stands at the end of a step of the last schedule's run; its readings are who is in
 * the batch, who waits, how many slots are held for nobody, and the KV blocks in use.
 */
export function comparedSchedules({ title, schedules, still, moments = {} }: Options): MovingFigure {
  const all = schedules.map((schedule) => ({ ...schedule, rows: rowsOf(schedule) }));
  const end = Math.max(...all.flatMap(({ rows }) => rows.map(({ leaves }) => leaves)));
  const steps = [...new Set(all.flatMap(({ run }) => [...(run.chunks?.t ?? [])]))].sort((a, b) => a - b);
  const every = Math.max(1, Math.ceil(steps.length / MOST_FRAMES));
  const named = Object.entries(moments).map(([name, at]) => ({ name, at }));
  const times = [0, ...steps.filter((_, k) => k % every === 0), end]
    .filter((t) => named.every(({ at }) => Math.abs(at - t) > 1e-9))
    .map((at) => ({ at, name: undefined as string | undefined }))
    .concat(named)
    .sort((a, b) => a.at - b.at);
  return {
    title,
    slider: "Time",
    origin: {
      kind: "simulated",
      seed: schedules[0]?.run.origin.kind === "simulated" ? schedules[0].run.origin.seed : 0,
    },
    frames: times.map(({ at, name }) => frameAt(all, at, end, name)),
    still: times.reduce(
      (best, { at }, k) => (Math.abs(at - still) < Math.abs((times[best]?.at ?? 0) - still) ? k : best),
      0,
    ),
    play: 220,
  };
}

type Laid = Schedule & { readonly rows: readonly Row[] };

function rowsOf({ run, wanted }: Schedule): Row[] {
  const { requests: r, explain, chunks } = run;
  return Array.from({ length: r.count }, (_, i) => {
    const leaves = r.last[i] ?? 0;
    const tokens = [...(chunks?.t ?? [])].filter((_, k) => chunks?.request[k] === i && (chunks?.tokens[k] ?? 0) > 0);
    return {
      arrived: r.started[i] ?? 0,
      admitted: (r.started[i] ?? 0) + (explain?.queue[i] ?? 0),
      first: r.first[i] ?? 0,
      last: wanted === undefined ? leaves : (tokens[(wanted[i] ?? 0) - 1] ?? leaves),
      leaves,
    };
  });
}

function frameAt(all: readonly Laid[], now: number, end: number, name: string | undefined): Frame {
  const counted = all.map((schedule) => {
    const among = (test: (row: Row) => boolean) => schedule.rows.filter(test).length;
    return {
      name: schedule.name,
      writes: among(({ first, last }) => first <= now && now < last),
      waits: among(({ admitted, arrived }) => arrived <= now && now < admitted),
      held: among(({ last, leaves }) => last <= now && now < leaves),
      done: among(({ last }) => last <= now),
      blocks: blocksAt(schedule.run, now),
    };
  });
  return {
    at: time(now),
    ...(name === undefined ? {} : { name }),
    says: counted
      .map(
        (c) =>
          `${c.name}: ${count(c.writes)} writing, ${count(c.waits)} waiting, ${count(c.done)} of ${count(all[0]?.rows.length ?? 0)} done${c.held > 0 ? `, slots held for nobody: ${count(c.held)}` : ""}.`,
      )
      .join(" "),
    readings: counted.flatMap((c) => [
      [`${c.name}: batch`, count(c.writes)] as const,
      [`${c.name}: queue`, count(c.waits)] as const,
      [`${c.name}: held for nobody`, count(c.held)] as const,
      [`${c.name}: KV blocks`, count(c.blocks)] as const,
    ]),
    panels: all.map((schedule) => panel(schedule, now, end)),
  };
}

function panel({ name, rows }: Laid, now: number, end: number): ChartDescription {
  const spans = (row: Row) =>
    (
      [
        [WAITS, row.arrived, row.admitted],
        [PREFILL, row.admitted, row.first],
        [WRITES, row.first, row.last],
        [HELD, row.last, row.leaves],
      ] as const
    )
      .filter(([, from, to]) => to > from)
      .map(([kind, from, to]) => ({ kind, from, to }));
  const last = Math.max(...rows.map(({ last }) => last));
  // A line of nothing that reaches to the end: both panels have one time axis.
  const drawn = rows.map((row, i) => ({
    label: `request ${i + 1}`,
    spans: [...spans(row), ...(i === 0 && last < end ? [{ kind: WRITES, from: end, to: end }] : [])],
  }));
  return {
    kind: "gantt",
    title: name,
    finding: `${name}: the last of ${count(rows.length)} requests is done after ${time(last)}.`,
    table: {
      columns: ["request", "admitted (s)", "first token (s)", "last token (s)", "slot free (s)"],
      rows: rows.map((row, i) => [i + 1, row.admitted, row.first, row.last, row.leaves]),
    },
    spec: { x: { label: "time since the burst", unit: "s" }, kinds, rows: drawn, now },
  };
}

/** KV blocks in use at a moment, as the run's timeline has them. */
function blocksAt({ timeline }: Run, now: number): number {
  if (!timeline) return 0;
  let blocks = 0;
  for (let k = 0; k < timeline.t.length && (timeline.t[k] ?? Infinity) <= now; k++) blocks = timeline.blocks[k] ?? 0;
  return blocks;
}
