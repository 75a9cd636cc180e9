/**
 * Static batching: a batch is filled once, computes its prompts together, and holds its slots until its longest answer is
 * done. Slots of finished rows stay empty; nobody joins. Those rows cost nothing more, which flatters engines that pad them.
 */
import type { Core } from "../core.ts";

export function scheduleStatic(core: Core): void {
  if (core.runningCount === 0) fill(core);
  if (planPrompts(core)) return;
  for (let k = 0; k < core.runningCount; k++) core.plan(core.running[k] as number, 1);
}

/** Takes as many as there are slots and memory. Room for whole answers is set aside: there is no way to make room later. */
function fill(core: Core): void {
  while (core.waiting.size > 0 && core.runningCount < core.limits.maxNumSeqs) {
    const i = core.waiting.at(0);
    const most = (core.requests.prompt[i] as number) + (core.requests.output[i] as number);
    if (!core.everFits(i) || !core.kv.admit(i, 0, most, most)) break;
    core.admitHead(0);
  }
}

/** Whole prompts first, as many a step as the budget allows; false once all are computed. */
function planPrompts(core: Core): boolean {
  let budget = core.limits.maxNumBatchedTokens;
  let some = false;
  for (let k = 0; k < core.runningCount; k++) {
    const i = core.running[k] as number;
    if ((core.requests.generated[i] as number) > 0) continue;
    const n = core.need(i);
    if (some && n > budget) break;
    core.plan(i, n);
    budget -= n;
    some = true;
  }
  return some;
}
