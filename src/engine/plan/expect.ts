/** What the closed form expects of a plan, request by request: what a request takes alone, and what the load adds to it. */
import { waitsOf } from "../estimate/at-rate.ts";
import { openLoop, type Lane } from "../estimate/steady.ts";
import { log } from "../numeric.ts";
import type { RequestTable } from "../workload/request-table.ts";
import type { Latencies } from "./goals.ts";
import { simulated } from "./traffic.ts";

/** The fractional parts of its multiples spread evenly, and are the same in every search. */
const goldenRatio = 0.6180339887498949;

/**
 * Latencies on an engine that gets `rate` requests a second; null where it can't keep up. The closed form's mean wait is spread
 * exponentially over the requests; a token takes as much longer than alone as it does on average.
 */
export function expected(lane: Lane, rate: number, alone: Latencies, table: RequestTable): Latencies | null {
  const state = openLoop(lane, rate);
  if (!(state.ttft < Infinity)) return null;
  const { outside, place, inside } = waitsOf(state, lane, lane.output);
  const wait = Math.max(0, outside + place + inside - mean(alone.ttft));
  const slower = Math.max(1, state.tpot / mean(alone.tpot.filter((tpot) => tpot >= 0)));
  const ttft = alone.ttft.map((seconds, k) => seconds + wait * -log(1 - ((k * goldenRatio) % 1)));
  const tpot = alone.tpot.map((seconds) => seconds * slower);
  const e2e = ttft.map((first, k) => {
    const gaps = table.output[simulated.warmUp + k]! - 1;
    return gaps > 0 ? first + gaps * tpot[k]! : first;
  });
  return { ttft, tpot, e2e };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
