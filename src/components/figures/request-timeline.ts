/** One request from Enter to its last token: where it waits, when each token comes. Scrubbed token by token. */
import { explain } from "../../engine/index.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";
import type { Run } from "../../engine/run.ts";
import { count, time } from "../format.ts";
import type { Frame, MovingFigure } from "./moving.ts";

const phases = ["network", "queue", "prefill", "decode"] as const;
/** Tokens up to which each is a frame; of longer answers every k-th. */
const MOST_TOKENS = 60;

/**
 * `run` must be simulated and keep chunks. Frames: "sent", "queued" (where it waits), "prefill", "first" (the first token is here),
 * then tokens, the last of them "last". The still is "first".
 */
export function requestTimeline(run: Run, request: number, title = "One request, token by token"): MovingFigure {
  const { chunks, requests: r } = run;
  if (!chunks || run.origin.kind !== "simulated")
    throw new Error(`figure "${title}" needs a simulated run with chunks`);
  const sent = r.started[request] ?? 0;
  const tokens = [...chunks.t].filter((_, i) => chunks.request[i] === request && (chunks.tokens[i] ?? 0) > 0);
  const arrivals = tokens.map((t) => t - sent);
  const [first, last] = [arrivals[0] ?? 0, arrivals.at(-1) ?? 0];
  const { ttft } = explain(run, request);
  // Half of the round trip on the way there; the way back is in the arrival of each token.
  const way = (ttft["network"] ?? 0) / 2;
  const queued = way + (ttft["queue"] ?? 0);
  const prefilled = first - way;
  const spans = (kind: number, ...parts: [number, number][]) =>
    parts.filter(([from, to]) => to > from).map(([from, to]) => ({ from, to, kind }));
  const rows = [
    { label: "network", spans: spans(0, [0, way], [prefilled, first]) },
    { label: "queue", spans: spans(1, [way, queued]) },
    { label: "prefill", spans: spans(2, [queued, prefilled]) },
    { label: "decode", spans: spans(3, [first, last]) },
    // Thin enough that tokens stay apart.
    { label: "tokens", spans: arrivals.map((t) => ({ from: t, to: t + last / 2000, kind: 3 })) },
  ].filter((row) => row.spans.length > 0);
  const tpot = (last - first) / Math.max(1, arrivals.length - 1);
  const panel = (now: number): ChartDescription => ({
    kind: "gantt",
    title,
    finding: `The first token comes after ${time(first)}, the others every ${time(tpot)}, the last after ${time(last)}.`,
    table: {
      columns: ["phase", "from (s)", "to (s)"],
      rows: rows.flatMap(({ label, spans: s }) => s.map(({ from, to }) => [label, from, to])),
    },
    spec: { x: { label: "time since the request left", unit: "s" }, kinds: phases, rows, now },
  });
  const frame = (now: number, at: string, says: string, name?: string): Frame => ({
    at,
    says,
    ...(name === undefined ? {} : { name }),
    readings: [
      ["waited so far", time(now)],
      ["tokens so far", count(arrivals.filter((t) => t <= now + 1e-12).length)],
    ],
    panels: [panel(now)],
  });
  const every = Math.max(1, Math.ceil(arrivals.length / MOST_TOKENS));
  const shown = arrivals
    .map((t, i) => ({ t, i }))
    .filter(({ i }) => i > 0 && (i % every === 0 || i === arrivals.length - 1));
  const begin = [
    frame(0, "sent", "You press Enter. Nothing has happened yet.", "sent"),
    frame(
      queued,
      "queue over",
      `The request has crossed the network and waited ${time(queued - way)} for its turn.`,
      "queued",
    ),
    frame(
      prefilled,
      "prefill over",
      `The whole prompt has been read, in ${time(prefilled - queued)}: the first token exists, on the server.`,
      "prefill",
    ),
    frame(first, "first token", `TTFT ends: ${time(first)} after Enter, the first token is on the screen.`, "first"),
  ];
  return {
    title,
    slider: "Time",
    origin: { kind: "simulated", seed: run.origin.seed },
    frames: [
      ...begin,
      ...shown.map(({ t, i }) =>
        frame(
          t,
          `token ${count(i + 1)}`,
          i === arrivals.length - 1
            ? `The last token. From the first on there was one about every ${time(tpot)}: that is TPOT.`
            : `Token ${count(i + 1)} comes ${time(t - (arrivals[i - 1] ?? 0))} after the one before.`,
          i === arrivals.length - 1 ? "last" : undefined,
        ),
      ),
    ],
    still: 3,
    play: 120,
  };
}
