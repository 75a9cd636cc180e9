/** What ends a measurement early: Ctrl+C, a kill, a closed terminal. What was measured is kept; a second signal ends at once. */

/** As shells have it: 128 and the signal's number. */
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const SAME_SIGNAL_MS = 1000;

export interface Stopping {
  readonly signal: AbortSignal;
  /** The code to exit with once one has come. */
  code(): number | undefined;
  /** Signals mean again what they always do. */
  done(): void;
}

export function stopOnSignals(): Stopping {
  const stop = new AbortController();
  let code: number | undefined;
  let first = 0;
  const handlers = Object.entries(CODES).map(([name, number]) => {
    const hear = (): void => {
      // A terminal's Ctrl+C reaches this process twice where a launcher passes it on.
      if (code !== undefined) return void (performance.now() - first > SAME_SIGNAL_MS && process.exit(number));
      code = number;
      first = performance.now();
      process.stderr.write(`\n${name}: stopping; what has been measured is kept (once more to end at once)\n`);
      stop.abort();
    };
    process.on(name, hear);
    return [name, hear] as const;
  });
  return {
    signal: stop.signal,
    code: () => code,
    done: () => handlers.forEach(([name, hear]) => process.removeListener(name, hear)),
  };
}
