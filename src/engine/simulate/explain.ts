/** Why one request took the time it took. */
import { InputError } from "../errors.ts";
import type { Run } from "../run.ts";
import type { Parts } from "../metrics/types.ts";
import { requireRun } from "../valid-run.ts";

/**
 * Where a request's time went, seconds. `ttft` sums to first − scheduled, `rest` to last − first. Client: waiting to leave.
 * Network: the way there and back. Queue: until the scheduler first took it up. Prefill: what its own prompt would have
 * taken alone. Interference: sharing steps with others' prompts. Preemption: losing its blocks and computing again. Decode:
 * its share of decode steps, others' decoding included. Transfer: its KV on the way from a prefill engine to a decode engine, the
 * wait for blocks there and for the link included; before the first token where that is the decode engine's. Measured runs know only their ends; the rest is then in `queue`.
 */
export function explain(run: Run, request: number): { ttft: Parts; rest: Parts } {
  requireRun("run", run);
  const { requests: r, explain: e } = run;
  if (!Number.isInteger(request) || request < 0 || request >= r.count) {
    throw new InputError("request", request, `a whole number from 0 to ${r.count - 1}`);
  }
  const at = (column: Float64Array | undefined): number => {
    const value = column?.[request] ?? 0;
    return Number.isFinite(value) ? unrounded(value) : 0;
  };
  const whole = at(r.first) > 0 || Number.isFinite(r.first[request]) ? at(r.first) - at(r.scheduled) : 0;
  const client = at(r.started) - at(r.scheduled);
  const inside = at(e?.queue) + at(e?.prefill) + at(e?.interference) + at(e?.preemption) + at(e?.fetch);
  const outside = Math.max(0, whole - client - inside);
  const ttft: Parts = {
    client,
    network: e ? outside : 0,
    queue: e ? at(e.queue) : outside,
    prefill: at(e?.prefill),
    interference: at(e?.interference),
    preemption: at(e?.preemption),
    transfer: at(e?.fetch),
    decode: 0,
  };
  const after = Number.isFinite(r.last[request]) ? at(r.last) - at(r.first) : 0;
  const interference = at(e?.decodeInterference);
  const preemption = at(e?.decodePreemption);
  const transfer = at(e?.transfer);
  const rest: Parts = {
    client: 0,
    network: 0,
    queue: 0,
    prefill: 0,
    interference,
    preemption,
    transfer,
    decode: unrounded(after - interference - preemption - transfer),
  };
  return { ttft, rest };
}

/** A difference of times can end a hair below 0; no part does. */
function unrounded(seconds: number): number {
  return seconds < 0 && seconds > -1e-9 ? 0 : seconds;
}
