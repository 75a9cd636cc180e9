/** What a reader must know of a run that is a part of a schedule, or the pooled parts of one. */
import type { ClockOffset, MergedFacts, ShardFacts } from "../../engine/run.ts";
import { COMPARED, offsetText } from "../clock-offset.ts";

export function shardNotes({ index, of, requests, clock }: ShardFacts): string[] {
  return [
    `shard ${index}/${of}: a part of a schedule of ${requests} requests, whose percentiles come from all shards: perflab merge`,
    "what the server counted holds the other shards' requests too",
    ...(clock ? [offsetText(clock)] : []),
  ];
}

/** Against the run: clocks further apart than this share of it have made another load of it. */
const FAR = 0.1;

/** How the percentiles came about, and how far apart the clients began. `duration`: of the merged run, seconds. */
export function mergedNotes({ of, shards, missing }: MergedFacts, duration: number): string[] {
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
      duration,
    ),
  ];
}

/** By one source, whose own error all share: the difference of two clocks is that of their offsets. */
function clocksNote(clocks: readonly ClockOffset[], of: number, duration: number): string[] {
  if (of < 2) return [];
  if (clocks.length < of || new Set(clocks.map(({ source }) => source)).size > 1)
    return ["how far apart the clients' clocks were is not known: not all were compared with the same source"];
  const offsets = clocks.map(({ offset }) => offset);
  const apart = Math.max(...offsets) - Math.min(...offsets);
  const [first = 0, second = 0] = clocks.map(({ error }) => error).sort((a, b) => b - a);
  const ms = (seconds: number): string => String(Math.round(seconds * 1000));
  const { source } = clocks[0]!;
  const found = `by ${source}, the clients' clocks were ${ms(apart)} ± ${ms(first + second)} ms apart`;
  // By a time source the starts were set; the endpoint's clock is only compared with.
  if (source !== COMPARED) return [`${found}, which their starts made up for`];
  const surely = apart - first - second;
  if (!(surely > FAR * duration)) return [found];
  return [
    found,
    surely >= duration
      ? `the run took ${ms(duration)} ms, so the shards did not run at the same time: no request met the load that the schedule says. Set the clocks, or give all clients one --time-source`
      : `that is ${Math.round((100 * surely) / duration)} % of the run's ${ms(duration)} ms, so the load was another than the schedule says. Set the clocks, or give all clients one --time-source`,
  ];
}
