/**
 * Static batching: a batch is filled once, computes its prompts together, and holds its slots until its longest answer is
 * done. Finished rows ride along as padding; nobody joins.
 */
import type { Core, Scheduler } from "../core.ts";

export function staticScheduler(): Scheduler {
  /** Requests still to be computed for the first time in this batch. */
  const batch: number[] = [];
  return (core: Core) => {
    const { limits, requests, kv } = core;
    if (core.runningCount === 0) {
      batch.length = 0;
      while (core.waiting.size > 0 && core.runningCount < limits.maxNumSeqs) {
        const i = core.waiting.at(0);
        // Room for the whole answer is set aside at the start, as there is no way to make room later.
        const most = (requests.prompt[i] as number) + (requests.output[i] as number);
        if (!core.everFits(i) || !kv.admit(i, 0, most, most)) break;
        core.admitHead(0);
        batch.push(i);
      }
    }
    let budget = Math.max(limits.maxNumBatchedTokens, core.need(core.running[0] ?? 0));
    let prefilling = false;
    for (let k = 0; k < core.runningCount; k++) {
      const i = core.running[k] as number;
      if ((requests.generated[i] as number) > 0) continue;
      prefilling = true;
      const n = core.need(i);
      if (n > budget && core.plannedCount > 0) break;
      core.plan(i, n);
      budget -= n;
    }
    if (prefilling) return;
    for (let k = 0; k < core.runningCount; k++) core.plan(core.running[k] as number, 1);
  };
}
