/** Correction of coordinated omission: the requests that a waiting client did not send. */
import { InputError } from "../errors.ts";
import { sortedSamples } from "./samples.ts";
import { above } from "../within.ts";

/** So that 100 s holds 10,000 intervals of 10 ms. */
const ROUNDING = 1e-9;

/** Requests that a client could have sent and didn't: more are no measurement. */
const MOST_ADDED = 1e7;

/**
 * `latencies` (seconds), and after each one longer than `expectedInterval` the ones that would have been seen had the
 * client gone on sending: latency − interval, latency − 2 intervals, … down to the interval. Ascending.
 * Throws InputError where a latency is not finite, or the interval is not above 0 or much too short for them.
 * Source: HdrHistogram's `copyCorrectedForCoordinatedOmission` (Gil Tene). It helps; an open-loop run is better.
 */
export function correctOmission(latencies: ArrayLike<number>, expectedInterval: number): Float64Array {
  if (!above(expectedInterval, 0))
    throw new InputError("expectedInterval", expectedInterval, "a number of seconds above 0");
  const seen = sortedSamples(latencies, "latencies");
  const added = seen.reduce((sum, latency) => sum + Math.max(0, latency / expectedInterval), 0);
  if (!(added <= MOST_ADDED))
    throw new InputError(
      "expectedInterval",
      expectedInterval,
      `long enough to add at most ${MOST_ADDED} latencies to these`,
    );
  const corrected: number[] = [];
  for (const latency of seen) {
    corrected.push(latency);
    const unsent = Math.floor(latency / expectedInterval + ROUNDING) - 1;
    for (let k = 1; k <= unsent; k++) corrected.push(latency - k * expectedInterval);
  }
  return Float64Array.from(corrected).sort();
}
