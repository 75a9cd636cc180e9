/** Freezes of the whole server (garbage collection, a noisy neighbour): `length` seconds at the end of every `every`. */
import { InputError } from "../../errors.ts";
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
  if (length > 0.99 * every) {
    throw new InputError("pauses.length", length, "at most 0.99 of pauses.every, so that the server gets on");
  }
  return {
    end(start, seconds) {
      // The period is counted, not worked out again: a rounded quotient could stay in the one before for ever.
      let k = Math.floor(start / every);
      if ((k + 1) * every <= start) k++;
      let t = start;
      let left = seconds;
      for (;;) {
        if (k >= 1) t = Math.max(t, k * every + length);
        const next = (k + 1) * every;
        if (t + left <= next) return t + left;
        left -= Math.max(0, next - t);
        t = next;
        k++;
      }
    },
  };
}
