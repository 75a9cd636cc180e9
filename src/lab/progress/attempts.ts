/** How often a learner pressed Check in a lab, and which checks failed: counts only, one small record a lab. */
import type { ProgressRecord } from "../storage-records.ts";
import type { Storage } from "../storage.ts";

/** Names of checks that are counted of one lab; a lab has two to four. */
const mostChecks = 40;

export interface Attempts {
  /** Presses of Check that came to a verdict. */
  readonly attempts: number;
  /** By a check's name: in how many of them it failed. */
  readonly failed: Readonly<Record<string, number>>;
}

interface Verdict {
  readonly name: string;
  readonly outcome: string;
}

const attemptsId = (lab: string): string => `checks:${lab}`;

/** `results`: of one press of Check on the learner's own code. */
export async function keepAttempt(storage: Storage, lab: string, results: readonly Verdict[]): Promise<void> {
  const before = await storage.get("progress", attemptsId(lab));
  const failed = new Map(Object.entries(before?.failed ?? {}));
  for (const { name, outcome } of results)
    if (outcome === "failed" && (failed.has(name) || failed.size < mostChecks))
      failed.set(name, (failed.get(name) ?? 0) + 1);
  await storage.put("progress", {
    id: attemptsId(lab),
    state: "started",
    date: new Date().toISOString(),
    attempts: (before?.attempts ?? 0) + 1,
    failed: Object.fromEntries(failed),
  });
}

/** None where nothing was counted: Check was never pressed, or by a version of the course that did not count. */
export function attemptsOf(lab: string, records: ReadonlyMap<string, ProgressRecord>): Attempts {
  const { attempts = 0, failed = {} } = records.get(attemptsId(lab)) ?? {};
  return { attempts, failed };
}
