/** One measurement at a time, in the order they came: two at once would share the load thread and spoil each other's times. */

export interface Turns {
  /** How many a newcomer would wait for. */
  readonly ahead: number;
  /** Waits for the turn; whoever got it must call what it gets once done. Undefined when the signal came first. */
  take(signal: AbortSignal): Promise<(() => void) | undefined>;
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  let taken = false;

  function giveBack(): void {
    const next = waiting.shift();
    if (next) next();
    else taken = false;
  }

  return {
    get ahead() {
      return waiting.length + (taken ? 1 : 0);
    },
    take(signal) {
      if (signal.aborted) return Promise.resolve(undefined);
      if (!taken) {
        taken = true;
        return Promise.resolve(giveBack);
      }
      return new Promise((resolve) => {
        const leave = (): void => {
          waiting.splice(waiting.indexOf(turn), 1);
          resolve(undefined);
        };
        const turn = (): void => {
          signal.removeEventListener("abort", leave);
          resolve(giveBack);
        };
        waiting.push(turn);
        signal.addEventListener("abort", leave, { once: true });
      });
    },
  };
}
