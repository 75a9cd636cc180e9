/** How far this machine's clock is from a time source that tells whole seconds only, as the Date header of HTTP does. */
import type { ClockOffset } from "../engine/run.ts";

/** Who is asked where no time source was given: then the clocks are compared, and starts are not set by it. */
export const COMPARED = "the endpoint";

/** Good enough: no agreed start needs to be closer. Seconds. */
const CLOSE = 0.004;

/**
 * Each answer bounds the offset from both sides: the source's clock showed the second `date` at some moment between sending and
 * receiving. Probes are timed to the moment at which the source should go on to its next second, so that each halves what is left.
 */
export class OffsetEstimate {
  #low = -Infinity;
  #high = Infinity;
  #lowest = Infinity;
  #highest = -Infinity;
  #probes = 0;
  #fastest = Infinity;

  /** `date`: whole seconds since 1970, as the source has them; `sent` and `received` by the own clock. */
  add(date: number, sent: number, received: number): void {
    const [low, high] = [date - received, date + 1 - sent];
    this.#probes++;
    this.#fastest = Math.min(this.#fastest, received - sent);
    this.#lowest = Math.min(this.#lowest, low);
    this.#highest = Math.max(this.#highest, high);
    this.#low = Math.max(this.#low, low);
    this.#high = Math.min(this.#high, high);
  }

  /** True where more probes would not help. */
  get done(): boolean {
    return this.#low > this.#high || this.#high - this.#low <= Math.max(CLOSE, 2 * this.#fastest);
  }

  /** When to send the next probe, by the own clock: not before `now`, within a second of it. */
  next(now: number): number {
    if (this.#probes === 0) return now;
    const middle = (this.#low + this.#high) / 2 + this.#fastest / 2;
    return Math.ceil(now + middle) - middle;
  }

  /** Undefined without an answer. Where answers contradict each other the source's seconds are not steady, and the error covers all of them. */
  result(source: string): ClockOffset | undefined {
    if (this.#probes === 0) return undefined;
    const steady = this.#low <= this.#high;
    const [low, high] = steady ? [this.#low, this.#high] : [this.#lowest, this.#highest];
    return { source, offset: (low + high) / 2, error: (high - low) / 2, probes: this.#probes };
  }
}

/** "12 ± 4 ms ahead of this machine, by …" */
export function offsetText({ source, offset, error }: ClockOffset): string {
  const ms = (seconds: number): string => String(Math.round(Math.abs(seconds) * 1000));
  const side = offset >= 0 ? "behind" : "ahead of";
  return `this machine's clock is ${ms(offset)} ± ${ms(error)} ms ${side} ${source}`;
}
