/** How long a request may take: the limits, and which of them a request has passed. */
import type { TransportFailure } from "./transport.ts";

/** Seconds. `headers`: until the answer begins; `stall`: between two reads; `total`: the whole request; `grace`: after a plan's duration is over. */
export interface Timeouts {
  readonly headers: number;
  readonly stall: number;
  readonly total: number;
  readonly grace: number;
}

export const defaultTimeouts: Timeouts = { headers: 120, stall: 60, total: 600, grace: 30 };

/** What a limit is held against; times in seconds, on the clock that `now` is read from. */
export interface Progress {
  readonly startedAt: number;
  readonly lastHeard: number;
  readonly answered: boolean;
}

/** The failure of a request that has passed a limit, else undefined. */
export function timedOut(
  { startedAt, lastHeard, answered }: Progress,
  now: number,
  { headers, stall, total }: Timeouts,
): TransportFailure | undefined {
  const age = now - startedAt;
  if (age > total) return { kind: "timeout-total", message: `The answer was not complete after ${total} s.` };
  if (!answered && age > headers)
    return {
      kind: "timeout-headers",
      message: `The server accepted the request but had not begun to answer after ${headers} s. It may be overloaded: lower the load.`,
    };
  if (answered && now - lastHeard > stall)
    return { kind: "timeout-stall", message: `Nothing came for ${stall} s in the middle of an answer.` };
  return undefined;
}
