/**
 * Runs a Pace in real time: sleeps until its next deadline, then hands out everything due. Deadlines are absolute, so a late
 * step does not delay the ones after it. One timer for the whole endpoint, however many streams.
 */
import type { Clock } from "./clock.ts";
import type { Job, Pace, PaceState } from "./pace/types.ts";

/** Behind by more than this, the pace's clock is moved rather than caught up with in one burst. */
const MAX_BEHIND = 1;
/** Deadlines carried out before sockets are served again. */
const MAX_TURN = 64;

export interface Pacer {
  readonly context: number;
  submit(job: Job): boolean;
  cancel(key: number): void;
  cachedTokens(key: number): number;
  state(): PaceState;
  /** Seconds by which the clock had to be moved, in all. */
  slipped(): number;
  close(): void;
}

/**
 * @param timeScale seconds of the pace's clock per second of the real one
 * @param emit gets the request, its new tokens, and when they were due on the real clock
 * @param broken is told when the pace itself threw; nothing leaves from then on
 */
export function createPacer(
  pace: Pace,
  clock: Clock,
  timeScale: number,
  emit: (key: number, tokens: number, due: number) => void,
  broken: (error: unknown) => void,
): Pacer {
  let origin = clock.now();
  let slipped = 0;
  let callOff: (() => void) | undefined;
  let armedFor = Infinity;
  let advancing = false;
  /** Called off while tokens were being handed out; the pace hears of it when that is done. */
  const calledOff: number[] = [];
  const paceNow = () => (clock.now() - origin) * timeScale;
  const realTime = (t: number) => origin + t / timeScale;

  return {
    context: pace.context,
    submit(job) {
      const taken = pace.submit(job, paceNow());
      arm();
      return taken;
    },
    cancel(key) {
      if (advancing) return void calledOff.push(key);
      pace.cancel(key, paceNow());
      arm();
    },
    cachedTokens: (key) => pace.cachedTokens(key),
    state: () => pace.state(),
    slipped: () => slipped,
    close: () => callOff?.(),
  };

  function arm(): void {
    const due = pace.due();
    if (due === armedFor) return;
    callOff?.();
    callOff = undefined;
    armedFor = due;
    if (due !== Infinity) callOff = clock.at(realTime(due), fireOrBreak);
  }

  function fireOrBreak(): void {
    try {
      fire();
    } catch (error) {
      broken(error);
    }
  }

  function fire(): void {
    armedFor = Infinity;
    callOff = undefined;
    const late = clock.now() - realTime(pace.due());
    if (late > MAX_BEHIND) {
      origin += late;
      slipped += late;
    }
    const now = clock.now();
    for (let turn = 0; turn < MAX_TURN; turn++) {
      const due = realTime(pace.due());
      if (due === Infinity || (turn > 0 && due > now)) break;
      advancing = true;
      pace.advance((key, tokens) => emit(key, tokens, due));
      advancing = false;
      for (const key of calledOff.splice(0)) pace.cancel(key, paceNow());
    }
    arm();
  }
}
