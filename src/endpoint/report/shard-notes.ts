/** What a reader must know of a run that is a part of a schedule, or the pooled parts of one. */
import type { ClockOffset, MergedFacts, ShardFacts } from "../../engine/run.ts";
import { offsetText } from "../clock-offset.ts";

export function shardNotes({ index, of, requests, clock }: ShardFacts): string[] {
  return [
    `shard ${index}/${of}: a part of a schedule of ${requests} requests, whose percentiles come from all shards: perflab merge`,
    "what the server counted holds the other shards' requests too",
    ...(clock ? [offsetText(clock)] : []),
  ];
}

/** How the percentiles came about, and how far apart the clients began. */
export function mergedNotes({ of, shards, missing }: MergedFacts): string[] {
  const count = shards.reduce((sum, { requests }) => sum + requests, 0);
  const lags = shards.map(({ clientLag }) => clientLag * 1000);
  return [
    `merged from ${shards.length} of ${of} shards: the raw records of ${count} requests are pooled, and percentiles are of the pool`,
    ...(missing.length > 0
      ? [`without ${missing.map((index) => `${index}/${of}`).join(", ")}, so the load was lower than asked for`]
      : []),
    `the lag is that of the worst client: ${lags.map((lag, k) => `${shards[k]!.index}/${of} ${lag.toPrecision(2)} ms`).join(", ")}`,
    ...clocksNote(
      shards.flatMap(({ clock }) => (clock ? [clock] : [])),
      shards.length,
    ),
  ];
}

/** By one source, whose own error all share: the difference of two clocks is that of their offsets. */
function clocksNote(clocks: readonly ClockOffset[], of: number): string[] {
  if (of < 2) return [];
  if (clocks.length < of || new Set(clocks.map(({ source }) => source)).size > 1)
    return ["how far apart the clients' clocks were is not known: not all were compared with the same source"];
  const offsets = clocks.map(({ offset }) => offset);
  const apart = Math.max(...offsets) - Math.min(...offsets);
  const [first = 0, second = 0] = clocks.map(({ error }) => error).sort((a, b) => b - a);
  const ms = (seconds: number): string => String(Math.round(seconds * 1000));
  return [`by ${clocks[0]!.source}, the clients' clocks were ${ms(apart)} ± ${ms(first + second)} ms apart`];
}
