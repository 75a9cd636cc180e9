/** The clock of a page or worker: performance.now (100 µs steps, 5 µs when cross-origin isolated) and setTimeout. */
import type { Clock } from "../../engine/benchmark/transport.ts";

const LONGEST = 2 ** 31 - 1;

export const browserClock: Clock = {
  now: () => performance.now() / 1000,
  at(time, call) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (): void => {
      const left = time * 1000 - performance.now();
      if (left <= 0.05) call();
      else timer = setTimeout(wait, Math.min(LONGEST, left));
    };
    timer = setTimeout(wait, Math.max(0, Math.min(LONGEST, time * 1000 - performance.now())));
    return () => clearTimeout(timer);
  },
};
