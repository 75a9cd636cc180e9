/** Marks a browser's run as void when the browser did not let it run freely. */
import type { Run } from "../../engine/run.ts";

/** A p99 of heartbeats later than this means that the worker was starved throughout, seconds. */
const STALL = 0.1;
/** One heartbeat later than this means that the worker was frozen, seconds. */
const FREEZE = 0.5;
const MAX_STREAMS_NOTE = 6;

const ELSEWHERE = {
  endpoint: "measure through the local runner",
  inTab: "start the engine beside the page with `npm run endpoint:llama`",
} as const;

/** `hidden`: the page was hidden at some moment of the run. The figures stay, for whoever wants to look. */
export function voidIfHeldBack(run: Run, hidden: boolean, target: keyof typeof ELSEWHERE = "endpoint"): Run {
  if (run.ended) return run;
  const instead = ELSEWHERE[target];
  const { heartbeatLag = 0, longestStall = 0, sendWait = 0 } = run.measurement ?? {};
  if (hidden)
    return {
      ...run,
      ended: {
        reason: "void",
        message: `The page was hidden during the run, and browsers slow down hidden pages: keep it in view, or ${instead}.`,
      },
    };
  if (heartbeatLag > STALL || longestStall > FREEZE)
    return {
      ...run,
      ended: {
        reason: "void",
        message: `The browser held the run up by ${(Math.max(heartbeatLag, longestStall) * 1000).toFixed(0)} ms: close other tabs, or ${instead}.`,
      },
    };
  if (sendWait > STALL)
    return {
      ...run,
      ended: {
        reason: "void",
        message: `The browser kept requests for up to ${(sendWait * 1000).toFixed(0)} ms before it sent them, behind other connections to this server or behind preflights: close other tabs of it, or ${instead}.`,
      },
    };
  if (target === "endpoint" && queuedBehindStreams(run))
    return {
      ...run,
      ended: {
        reason: "six-streams",
        message: `A browser opens ${MAX_STREAMS_NOTE} connections to one server, so requests beyond ${MAX_STREAMS_NOTE} at once waited here. Their wait is counted from when they were due, not in TTFT. Measure through the local runner to go higher.`,
      },
    };
  return run;
}

/** Some request left later than it should have because six were open. */
function queuedBehindStreams(run: Run): boolean {
  if ((run.measurement?.peakInFlight ?? 0) < MAX_STREAMS_NOTE) return false;
  const { count, scheduled, started } = run.requests;
  for (let i = 0; i < count; i++) if (started[i]! - scheduled[i]! > STALL) return true;
  return false;
}
