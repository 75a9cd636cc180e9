/** What becomes of a request, written into its columns: admitted, given a token, put back, finished, ended. */
import { stages, status, type Requests } from "./requests.ts";

/** It joins the batch at `now`, with `cached` tokens of its text found in the cache. */
export function admitted(r: Requests, i: number, now: number, cached: number): void {
  r.stage[i] = stages.running;
  r.computed[i] = cached;
  r.drafted[i] = 0;
  if (r.admitted[i] !== r.admitted[i]) {
    r.admitted[i] = now;
    r.queue[i] = now - (r.arrived[i] as number);
    r.cached[i] = cached;
  } else if (r.generated[i] === 0 && r.lostAt[i] === r.lostAt[i]) {
    // Everything since it was first admitted was lost.
    r.preemption[i] = now - (r.admitted[i] as number);
    r.lostAt[i] = NaN;
  }
}

/** It lost its blocks and waits to compute its text again. `interference` is the engine's running total. */
export function preempted(r: Requests, i: number, now: number, interference: number): void {
  r.computed[i] = 0;
  r.stage[i] = stages.waiting;
  r.preemptions[i] = (r.preemptions[i] as number) + 1;
  if (r.generated[i] === 0) {
    r.prefill[i] = r.transfer[i] = 0;
    r.lostAt[i] = now;
  } else if (r.lostAt[i] !== r.lostAt[i]) {
    r.lostAt[i] = r.last[i] as number;
    addInterference(r, i, interference);
  }
}

/** A step that ended at `end` gave it tokens: its first, or the first since it was preempted, or just more. */
export function received(r: Requests, i: number, before: number, end: number, interference: number): void {
  if (before === 0) {
    r.first[i] = end;
    r.interferenceMark[i] = interference;
  } else if (r.lostAt[i] === r.lostAt[i]) {
    r.decodePreemption[i] = (r.decodePreemption[i] as number) + end - (r.lostAt[i] as number);
    r.lostAt[i] = NaN;
    r.interferenceMark[i] = interference;
  }
  r.last[i] = end;
}

/** It has all its tokens. */
export function finished(r: Requests, i: number, end: number, interference: number): void {
  addInterference(r, i, interference);
  ended(r, i, status.succeeded, end);
}

/** It ends at `now`, whatever it has. `why` is one of the codes of `status`. */
export function ended(r: Requests, i: number, why: number, now: number): void {
  r.stage[i] = stages.ended;
  r.status[i] = why;
  r.closed[i] = now;
}

/** What prefills of others cost it since it last began to decode. */
function addInterference(r: Requests, i: number, interference: number): void {
  r.decodeInterference[i] = (r.decodeInterference[i] as number) + interference - (r.interferenceMark[i] as number);
}
