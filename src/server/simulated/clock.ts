/** The clocks of the simulated endpoint: the machine's monotonic one, and a hand-turned one for tests. Seconds. */
import { performance } from "node:perf_hooks";

export interface Clock {
  now(): number;
  /** Calls back once, at `time` or as soon after as the machine allows; returns how to call it off. */
  at(time: number, call: () => void): () => void;
}

const OFFSET = monotonicOffset();

/** Seconds on the clock that every process and thread of this machine shares (CLOCK_MONOTONIC on Linux). */
export function monotonic(): number {
  return OFFSET + performance.now() / 1000;
}

/** What to add to `monotonic()` for seconds since 1970. */
export function wallOffset(): number {
  return (performance.timeOrigin + performance.now()) / 1000 - monotonic();
}

/** The last stretch before a deadline is slept in slices this short, with sockets served between them; ms. */
const SLICE = 0.25;
const bed = new Int32Array(new SharedArrayBuffer(4));

/**
 * setTimeout is late by up to a millisecond and more, so it is set early. Spinning through the rest would be punctual only on
 * a machine with a core to spare: whoever spins is the first to be preempted.
 */
export const realClock: Clock = {
  now: monotonic,
  at(time, call) {
    let timer: NodeJS.Timeout | undefined;
    let immediate: NodeJS.Immediate | undefined;
    const left = () => (time - monotonic()) * 1000;
    const arm = () => {
      const wait = left();
      if (wait > 2) timer = setTimeout(turn, Math.floor(wait - 1));
      else immediate = setImmediate(turn);
    };
    const turn = () => {
      const wait = left();
      if (wait > 0 && wait <= 2) Atomics.wait(bed, 0, 0, Math.min(wait, SLICE));
      if (left() <= 0) call();
      else arm();
    };
    arm();
    return () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    };
  },
};

/** A clock that moves only when told to. */
export function virtualClock(): Clock & { run(until: number): void } {
  let now = 0;
  let next = 0;
  const calls = new Map<number, { time: number; call: () => void }>();
  return {
    now: () => now,
    at(time, call) {
      const id = next++;
      calls.set(id, { time, call });
      return () => calls.delete(id);
    },
    run(until) {
      for (;;) {
        const soonest = [...calls].sort(([a, x], [b, y]) => x.time - y.time || a - b)[0];
        if (!soonest || soonest[1].time > until) break;
        calls.delete(soonest[0]);
        now = Math.max(now, soonest[1].time);
        soonest[1].call();
      }
      now = until;
    },
  };
}

function monotonicOffset(): number {
  let best = Infinity;
  let offset = 0;
  for (let i = 0; i < 50; i++) {
    const before = performance.now();
    const shared = Number(process.hrtime.bigint()) / 1e9;
    const after = performance.now();
    if (after - before >= best) continue;
    best = after - before;
    offset = shared - (before + after) / 2000;
  }
  return offset;
}
