/** How a process that serves ends: what it is answering is answered first, unless that takes long or the signal comes again. */

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Milliseconds: container runtimes kill after ten seconds. */
const LONGEST = 9_000;

/** `drain` resolves once nothing is under way any more. */
export function endOnSignals(drain: () => Promise<unknown>, say: (line: string) => void): void {
  let asked = false;
  const end = (): void => {
    if (asked) return process.exit(0);
    asked = true;
    say("  Ending once what is being answered is answered; once more ends it at once.");
    setTimeout(() => process.exit(0), LONGEST).unref();
    void drain().finally(() => process.exit(0));
  };
  for (const signal of SIGNALS) process.on(signal, end);
}
