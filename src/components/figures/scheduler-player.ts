/** A scheduler at work, step by step: requests over time, tokens of each step, KV blocks. Played, scrubbed, or stepped by key. */
import type { ChartDescription } from "../../engine/chart/types.ts";
import type { Server } from "../../engine/server.ts";
import { watch, type Watched, type WatchedStep } from "../../engine/simulate/watch.ts";
import type { Workload } from "../../engine/workload/types.ts";
import { count, time } from "../format.ts";
import type { Frame, MovingFigure } from "./moving.ts";

interface Options {
  readonly server: Server;
  /** A dozen requests at most read well; arrivals that do not wait for answers. */
  readonly workload: Workload;
  readonly title?: string;
  /** Further names, each for the first step of which it holds. */
  readonly names?: Readonly<Record<string, (step: WatchedStep, index: number) => boolean>>;
  /** Name of the step that stands still. */
  readonly still?: string;
}

const kinds = ["waits", "prefill", "decode", "held up in the batch"] as const;
const usualNames: NonNullable<Options["names"]> = {
  first: (_, index) => index === 0,
  queue: ({ waiting }) => waiting.length > 0,
  mixed: ({ computes }) => computes.some(({ prefill }) => prefill) && computes.some(({ prefill }) => !prefill),
  full: ({ free }) => free === 0,
  preempted: ({ preempted }) => preempted.length > 0,
  "held-up": ({ running, computes }) => running.length > computes.length,
};

/**
 * Frames are named "first", "queue" (somebody waits), "mixed" (prefill and decode in one step), "full" (no block free), "preempted",
 * "held-up" (in the batch, but given no tokens) and "last", as far as such steps occur; `names` adds others. One step may have several.
 */
export function schedulerPlayer(options: Options): MovingFigure {
  const { server, workload, title = "The scheduler, step by step", names = {}, still = "mixed" } = options;
  const run = watch(server, workload);
  const budget = server.scheduler?.maxNumBatchedTokens;
  const rows = rowsOf(run);
  const homes = blockHomes(run);
  const wanted = Object.entries({ ...usualNames, ...names }).map(([name, holds]) => ({
    name,
    at: run.steps.findIndex(holds),
  }));
  wanted.push({ name: "last", at: run.steps.length - 1 });
  const frames = run.steps.map((step, index): Frame => {
    const shown = wanted.filter(({ at }) => at === index).map(({ name }) => name);
    return {
      at: `step ${count(index + 1)}`,
      name: shown.join(" "),
      says: inWords(step, run),
      readings: readingsOf(step),
      panels: [
        requestsPanel(rows, step),
        tokensPanel(run, index, budget),
        blocksPanel(homes[index] ?? new Int32Array(0), step),
      ],
    };
  });
  const at = wanted.find(({ name, at }) => name === still && at >= 0)?.at ?? 0;
  return {
    title,
    slider: "Step",
    origin: { kind: "simulated", seed: workload.seed ?? 0 },
    frames,
    still: at,
    play: 450,
  };
}

function inWords({ start, end, computes, waiting, preempted, finished }: WatchedStep, { prompts }: Watched): string {
  const decodes = computes.filter(({ prefill }) => !prefill).length;
  const prefills = computes
    .filter(({ prefill }) => prefill)
    .map(({ request, tokens }) =>
      tokens > (prompts[request] ?? 0)
        ? `request ${request} computes ${count(tokens)} tokens again, its prompt and what it had written`
        : `request ${request} prefills ${count(tokens)} of its ${count(prompts[request] ?? 0)} tokens`,
    );
  const parts = [
    ...(decodes > 0
      ? [decodes === 1 ? "one request decodes a token" : `${count(decodes)} requests decode a token each`]
      : []),
    ...prefills,
    ...(waiting.length > 0 ? [`${waiting.length === 1 ? "one waits" : `${count(waiting.length)} wait`}`] : []),
    ...preempted.map((request) => `request ${request} has lost its blocks and must begin again`),
    ...(finished.length > 0 ? [`request ${finished.join(", ")} ${finished.length === 1 ? "is" : "are"} done`] : []),
  ];
  return `In ${time(end - start)}: ${parts.join("; ")}.`;
}

function readingsOf({ start, end, computes, waiting, running, free }: WatchedStep): Frame["readings"] {
  const sum = (prefill: boolean) =>
    computes.filter((c) => c.prefill === prefill).reduce((all, { tokens }) => all + tokens, 0);
  return [
    ["ends at", time(end)],
    ["takes", time(end - start)],
    ["batch", count(running.length)],
    ["queue", count(waiting.length)],
    ["decode tokens", count(sum(false))],
    ["prefill tokens", count(sum(true))],
    ["free blocks", count(free)],
  ];
}

interface Row {
  readonly label: string;
  readonly spans: readonly { readonly from: number; readonly to: number; readonly kind: number }[];
}

/** What each request does over the whole run; neighbouring steps of one kind are one span. */
function rowsOf({ arrivals, steps }: Watched): Row[] {
  return arrivals.map((arrival, request) => {
    const spans: { from: number; to: number; kind: number }[] = [];
    const add = (from: number, to: number, kind: number) => {
      const before = spans.at(-1);
      if (before && before.kind === kind && Math.abs(before.to - from) < 1e-12) before.to = to;
      else if (to > from) spans.push({ from, to, kind });
    };
    for (const { start, end, computes, running, waiting } of steps) {
      const part = computes.find((each) => each.request === request);
      if (part) {
        if (spans.length === 0 && start > arrival) add(arrival, start, 0);
        add(start, end, part.prefill ? 1 : 2);
      } else if (running.includes(request)) add(start, end, 3);
      else if (waiting.includes(request)) add(spans.length === 0 ? arrival : start, end, 0);
    }
    return { label: `request ${request}`, spans };
  });
}

function requestsPanel(rows: readonly Row[], step: WatchedStep): ChartDescription {
  return {
    kind: "gantt",
    title: "Requests: waiting, prefilled, decoding",
    finding: `${count(step.running.length)} in the batch, ${count(step.waiting.length)} waiting.`,
    table: {
      columns: ["request", ...kinds.map((kind) => `${kind} (s)`)],
      rows: rows.map(({ label, spans }) => [
        label,
        ...kinds.map((_, k) =>
          spans.filter(({ kind }) => kind === k).reduce((sum, { from, to }) => sum + to - from, 0),
        ),
      ]),
    },
    spec: { x: { label: "time", unit: "s" }, kinds, rows, now: step.end },
  };
}

/** Tokens of each step so far. */
function tokensPanel({ steps }: Watched, index: number, budget: number | undefined): ChartDescription {
  const tokens = (prefill: boolean) =>
    steps.map(({ computes }, i) =>
      i > index ? 0 : computes.filter((c) => c.prefill === prefill).reduce((sum, c) => sum + c.tokens, 0),
    );
  const most = Math.max(...steps.map(({ computes }) => computes.reduce((sum, c) => sum + c.tokens, 0)));
  const limit = budget ?? most;
  const categories = steps.map((_, i) => String(i + 1));
  const series = [
    { name: "decode", values: tokens(false) },
    { name: "prefill", values: tokens(true) },
  ];
  return {
    kind: "bars",
    title: "Tokens computed, step by step",
    finding: `Up to step ${count(index + 1)}, ${count(series.flatMap(({ values }) => values).reduce((a, b) => a + b, 0))} tokens.`,
    table: {
      columns: ["step", "decode", "prefill"],
      rows: categories.map((name, i) => [name, ...series.map(({ values }) => values[i] ?? 0)]),
    },
    spec: {
      title: "",
      y: { label: "Tokens" },
      categories,
      series,
      stacked: true,
      // Also what holds the axis still while the bars come.
      marks: [{ y: limit, label: budget === undefined ? "most in one step" : "token budget" }],
    },
  };
}

/** Who holds which block at each step. The engine says how many; a request takes the first that are free, and keeps them. */
function blockHomes({ steps, capacity }: Watched): Int32Array[] {
  const owners = new Int32Array(capacity).fill(-1);
  return steps.map(({ blocks }) => {
    const held = blocks.map(() => 0);
    owners.forEach((owner, i) => {
      if (owner < 0) return;
      if ((held[owner] ?? 0) < (blocks[owner] ?? 0)) held[owner] = (held[owner] ?? 0) + 1;
      else owners[i] = -1;
    });
    blocks.forEach((wanted, request) => {
      for (let i = 0; i < capacity && (held[request] ?? 0) < wanted; i++)
        if (owners[i] === -1) {
          owners[i] = request;
          held[request] = (held[request] ?? 0) + 1;
        }
    });
    return owners.slice();
  });
}

/** Cells in a row, so that a small cache is a few rows. */
const COLUMNS = 48;

function blocksPanel(owners: Int32Array, { free, blocks }: WatchedStep): ChartDescription {
  return {
    kind: "blocks",
    title: "KV cache, block by block",
    finding: `${count(owners.length - free)} of ${count(owners.length)} blocks are held, ${count(free)} are free.`,
    table: { columns: ["request", "blocks"], rows: blocks.map((held, request) => [request, held]) },
    spec: { columns: Math.min(COLUMNS, owners.length), owners, blocksPerCell: 1 },
  };
}
