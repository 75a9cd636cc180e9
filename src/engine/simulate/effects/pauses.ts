/** Freezes of the whole server (garbage collection, a noisy neighbour): `length` seconds at the end of every `every`. */
import type { ResolvedServer } from "../../server.ts";

export interface Pauses {
  /** When a step that starts at `start` and needs `seconds` of running time ends. */
  end(start: number, seconds: number): number;
}

export const noPauses: Pauses = { end: (start, seconds) => start + seconds };

/** The server stands still during [k·every, k·every + length) for k = 1, 2, … */
export function pausesOf(server: ResolvedServer): Pauses {
  if (!server.pauses || server.pauses.length === 0) return noPauses;
  const { every, length } = server.pauses;
  return {
    end(start, seconds) {
      let t = start;
      let left = seconds;
      for (;;) {
        const k = Math.floor(t / every);
        if (k >= 1 && t < k * every + length) t = k * every + length;
        const next = (Math.floor(t / every) + 1) * every;
        if (t + left <= next) return t + left;
        left -= next - t;
        t = next;
      }
    },
  };
}
