/** Whether a measured run says more about the load generator than about the server. */
import type { Run } from "../run.ts";

/** Below this, lateness is that of any machine at work, seconds. */
const UNNOTICED = 0.005;
/** Share of the median latency that the client's lateness may make up. */
const OF_LATENCY = 0.1;
/** Share of the median gap between chunks: means don't feel lateness, since it adds to one gap and takes from the next, but percentiles do. */
const OF_GAP = 0.5;

/**
 * True where the client's own p99 lateness is more than 5 ms and large enough to change results: above a tenth of the median
 * latency (TTFT, or E2E where there is none), or above half the median gap between chunks. Medians in seconds, undefined where nothing
 * was measured. A simulated run has no client, and a run without an answer no result to change.
 */
export function isClientLimited(
  run: Run,
  medians: { readonly gap: number | undefined; readonly latency: number | undefined },
): boolean {
  if (run.origin.kind !== "measured" || run.origin.clientLag <= UNNOTICED || medians.latency === undefined)
    return false;
  const { clientLag } = run.origin;
  return clientLag > OF_LATENCY * medians.latency || clientLag > OF_GAP * (medians.gap ?? Infinity);
}
