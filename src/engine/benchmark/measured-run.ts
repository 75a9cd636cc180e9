/** The Run that a load hands back: what was recorded, and how well the client kept up. */
import type { Measurement, Run } from "../run.ts";
import type { Workload } from "../workload/types.ts";
import type { LagSamples } from "./lag.ts";
import type { LoadOptions } from "./load-options.ts";
import { promptTokens, rowsOf, type Plan } from "./plan.ts";
import type { RunRecorder } from "./run-recorder.ts";
import type { Transport } from "./transport.ts";

/** What a load has seen. Seconds; `zero` is its start on the client's clock. */
export interface Observed {
  readonly recorder: RunRecorder;
  readonly bytes: number;
  readonly transport: Transport["name"];
  readonly zero: number;
  readonly dispatchLag: LagSamples;
  readonly heartbeatLag: LagSamples;
  readonly peakInFlight: number;
  /** Requests that the transport sent a second time. */
  readonly resent: number;
  readonly ended: Run["ended"];
  readonly durationOver: boolean;
}

export function measuredRun(workload: Workload, plan: Plan, options: LoadOptions, observed: Observed): Run {
  const { recorder, bytes, zero, peakInFlight, ended, transport } = observed;
  const keep = observed.durationOver && !ended ? dueRows(plan, recorder) : plan.rows;
  const { requests, chunks, failures, onePiece } = recorder.columns(keep);
  const dispatchLag = observed.dispatchLag.p(99);
  const heartbeatLag = observed.heartbeatLag.p(99);
  const { target, model, shape, salt, warmup, versions, record } = options;
  const asked = keep ? [...keep].map((i) => plan.requests[i]!) : plan.requests;
  const measurement: Measurement = {
    askedPromptTokens: Uint32Array.from(asked, promptTokens),
    askedOutputTokens: Uint32Array.from(asked, (spec) => spec.output),
    zero,
    streamed: shape.stream,
    salt,
    warmup: warmup ?? 0,
    ...(observed.resent > 0 && { resent: observed.resent }),
    ...(shape.stream && onePiece > 0 && { onePiece }),
    ...(options.requestIds === false && { withoutRequestId: true }),
    dispatchLag,
    heartbeatLag,
    longestStall: observed.heartbeatLag.longest,
    bytes,
    peakInFlight,
    ...(plan.rows && { rows: keep ?? plan.rows }),
  };
  return {
    origin: { kind: "measured", target, model, transport, clientLag: Math.max(dispatchLag, heartbeatLag) },
    workload,
    versions: versions ?? {},
    ...(ended && { ended }),
    requests,
    ...(record !== "requests" && { chunks }),
    failures,
    measurement,
  };
}

/** A run bounded by time has the requests that came due within it, and those that a late clock let out after it: what was sent is told. */
function dueRows(plan: Plan, recorder: RunRecorder): Uint32Array {
  const duration = plan.duration ?? Infinity;
  const rows: number[] = [];
  for (const i of rowsOf(plan))
    if (recorder.scheduled[i]! <= duration || !Number.isNaN(recorder.started[i]!)) rows.push(i);
  return Uint32Array.from(rows);
}
