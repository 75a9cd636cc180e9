/** Whether a measured run says more about the load generator than about the server. */
import type { Run } from "../run.ts";

/**
 * True where the client's own p99 lateness exceeds 5 ms or a tenth of the median gap between tokens, whichever is more.
 * A simulated run has no client. medianItl: seconds, undefined where there were no gaps.
 */
export function isClientLimited(run: Run, medianItl: number | undefined): boolean {
  return run.origin.kind === "measured" && run.origin.clientLag > Math.max(0.005, 0.1 * (medianItl ?? 0));
}
