/** The watchdog's rules: what counts as a sign of life of a lab, and when there has been none for too long. */

/** How many limits a call that reports its progress may take without a pause, and at least how many seconds. */
const busyLimits = 6;
const busyAtLeast = 60;
/** Seconds until a worker with the engine must be up; a busy machine takes its time, and that is not the lab's. */
const startMayTake = 20;
/** Seconds that a run may take in all, measurements and their questions not counted. */
const runMayTake = 300;

/** Times in milliseconds; `limit` in seconds. */
export class Life {
  readonly #limit: number;
  /** When the ping that is not answered yet was sent: a throttled tab, which sends none, does not look like a stuck lab. */
  #asked: number | null = null;
  /** The last progress since. */
  #lastSign = 0;
  /** The worker has not said yet that it is there. */
  #starting = true;
  #waiting = 0;
  #waitedSince = 0;
  #waited = 0;
  readonly #began: number;

  constructor(limit: number, now: number) {
    this.#limit = limit;
    this.#began = now;
  }

  /** Whether a ping is due; notes that it is sent. */
  asks(now: number): boolean {
    if (this.#starting || this.#asked !== null) return false;
    this.#asked = this.#lastSign = now;
    return true;
  }

  /** To a ping, or of its own accord when it is up. */
  answered(now: number): void {
    this.#starting = false;
    this.#asked = null;
    this.#lastSign = now;
  }

  /** A long call reports progress: it can't answer, but it isn't stuck. */
  busy(now: number): void {
    this.#lastSign = now;
  }

  /** The lab waits for a measurement, for as long as that takes. */
  waits(now: number): void {
    if (this.#waiting++ === 0) this.#waitedSince = now;
  }

  waitedFor(now: number): void {
    if (this.#waiting > 0 && --this.#waiting === 0) this.#waited += now - this.#waitedSince;
  }

  /** Why the lab has to be stopped; null while it may go on. */
  over(now: number): string | null {
    const limit = this.#limit;
    if (this.#starting && now - this.#began > startMayTake * 1000)
      return `Stopped: the sandbox did not start within ${startMayTake} s.`;
    if (this.#asked !== null && now - this.#lastSign > limit * 1000)
      return `Stopped: no sign of life for ${limit} s. Is there a loop that does not end?`;
    const busy = Math.max(busyAtLeast, busyLimits * limit);
    if (this.#asked !== null && now - this.#asked > busy * 1000)
      return `Stopped: one call has been busy for ${busy} s without a pause. Give it less to do.`;
    if (this.#waiting === 0 && now - this.#began - this.#waited > runMayTake * 1000)
      return `Stopped: the code has been running for ${runMayTake / 60} minutes. Does it ever end?`;
    return null;
  }
}
