/** The clock of a Node process: seconds on the machine's shared monotonic clock, and timers that aim to be less than a millisecond late. */
import { performance } from "node:perf_hooks";
import type { Clock } from "../../engine/benchmark/transport.ts";

/** setTimeout rounds to whole milliseconds, so the rest below this is waited out in the event loop, seconds. */
const SPIN = 0.001;
const LONGEST = 2 ** 31 - 1;
const OFFSET = sharedOffset();

/** What turns this thread's own clock into the shared one: read between two readings of the shared one, of the closest such pair. */
function sharedOffset(): number {
  let closest = Infinity;
  let offset = 0;
  for (let i = 0; i < 50; i++) {
    const before = process.hrtime.bigint();
    const own = performance.now() / 1000;
    const apart = Number(process.hrtime.bigint() - before) / 1e9;
    if (apart >= closest) continue;
    closest = apart;
    offset = Number(before) / 1e9 + apart / 2 - own;
  }
  return offset;
}

/** Seconds on the clock that every process and thread of this machine shares, so that times can be joined with a server's log. */
export function monotonic(): number {
  return OFFSET + performance.now() / 1000;
}

/** Seconds since 1970 by this machine's clock, in finer steps than Date.now. A clock that is set anew meanwhile is not followed. */
export function wall(): number {
  return (performance.timeOrigin + performance.now()) / 1000;
}

export const nodeClock: Clock = {
  now: monotonic,
  at(time, call, coarse = false) {
    if (coarse) {
      const only = setTimeout(call, Math.max(0, Math.min(LONGEST, (time - monotonic()) * 1000)));
      return () => clearTimeout(only);
    }
    let timer: NodeJS.Timeout | undefined;
    let immediate: NodeJS.Immediate | undefined;
    const wait = (): void => {
      const left = time - monotonic();
      if (left <= 0) immediate = setImmediate(call);
      else if (left < SPIN) immediate = setImmediate(wait);
      else timer = setTimeout(wait, Math.min(LONGEST, Math.floor((left - SPIN) * 1000)));
    };
    wait();
    return () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    };
  },
};
