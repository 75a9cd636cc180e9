/** Which scripted fault, if any, hits a request: drawn by the seed and the request's index, so that a rerun fails alike. */
import type { Behaviour, Fault } from "./behaviour.ts";
import { hashWord } from "../../engine/random.ts";

/** @param elapsed seconds since the endpoint started */
export function faultFor(behaviour: Behaviour, index: number, elapsed: number, seed: number): Fault | undefined {
  return behaviour.faults.find(
    (fault, which) =>
      index < (fault.first ?? Infinity) &&
      elapsed >= (fault.from ?? 0) &&
      elapsed < (fault.until ?? Infinity) &&
      hashWord(seed + which * 7919, index) / 2 ** 32 < fault.rate,
  );
}
