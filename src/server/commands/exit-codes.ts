/** What the command's exit code says to a script. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, target: 3, stopped: 130 } as const;

/** Options that contradict each other or make no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
