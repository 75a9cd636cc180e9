/** How late the client itself is: a timer that should tick every 50 ms, and requests that should have left. */
import type { Clock } from "./transport.ts";

const PERIOD = 0.05;
const KEPT = 65536;

/** Lateness samples; keeps the newest 65,536. */
export class LagSamples {
  readonly #samples = new Float64Array(KEPT);
  #n = 0;
  #longest = 0;

  get longest(): number {
    return this.#longest;
  }

  add(seconds: number): void {
    this.#longest = Math.max(this.#longest, seconds);
    this.#samples[this.#n++ % KEPT] = Math.max(0, seconds);
  }

  /** q in percent; 0 with no samples. */
  p(q: number): number {
    const n = Math.min(this.#n, KEPT);
    if (n === 0) return 0;
    const sorted = this.#samples.slice(0, n).sort();
    return sorted[Math.min(n - 1, Math.floor((n * q) / 100))]!;
  }
}

/** Ticks until stopped; each tick's lateness is a sample of how long a socket event may have waited for us. */
export function startHeartbeat(clock: Clock, lag: LagSamples): () => void {
  let cancel = (): void => {};
  const beat = (): void => {
    const due = clock.now() + PERIOD;
    const tick = (): void => {
      lag.add(clock.now() - due);
      beat();
    };
    cancel = clock.at(due, tick, true);
  };
  beat();
  return () => cancel();
}
