/** How tails grow when a task waits for many replies, and how a second request shortens them (Dean and Barroso, 2013). */
import { InputError } from "../errors.ts";
import { pow } from "../numeric.ts";
import { createRandom } from "../random.ts";
import { sortedSamples } from "./samples.ts";
import { within } from "../within.ts";

export const tail = {
  /** Probability that at least one of `n` independent calls is slow, when each is with probability `slow`. */
  fanout(slow: number, n: number): number {
    if (!within(slow, 0, 1)) throw new InputError("slow", slow, "a probability from 0 to 1");
    if (!(Number.isInteger(n) && n >= 0)) throw new InputError("n", n, "a whole number of calls, 0 or more");
    return 1 - pow(1 - slow, n);
  },
  /**
   * Latencies when a request still unanswered after `trigger` seconds is sent a second time and the first answer counts.
   * The second reply is drawn from the same `latencies`, independently: hedging can't help where all servers are slow at
   * once. In the order of `latencies`; the share above `trigger` is the extra load.
   */
  hedge(latencies: ArrayLike<number>, trigger: number, seed = 0): Float64Array {
    if (!within(trigger, 0, Infinity)) throw new InputError("trigger", trigger, "a number of seconds, 0 or more");
    const sorted = sortedSamples(latencies, "latencies");
    const random = createRandom(seed, "hedge");
    return Float64Array.from(latencies, (first) =>
      first > trigger ? Math.min(first, trigger + sorted[random.integer(sorted.length)]) : first,
    );
  },
};
