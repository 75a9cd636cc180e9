/**
 * vLLM V1's scheduler (vllm/v1/core/sched/scheduler.py), rule by rule. There is no prefill or decode phase: a request that is
 * behind its text is brought forward by as many tokens as the budget allows.
 */
import type { Core } from "../core.ts";

export function scheduleVllm(core: Core): void {
  const { limits, requests, kv } = core;
  const threshold = limits.longPrefillTokenThreshold;
  let budget = limits.maxNumBatchedTokens;
  let preempted = false;

  // Running requests first, in the order in which they were admitted.
  for (let k = 0; k < core.runningCount && budget > 0;) {
    const i = core.running[k] as number;
    const computed = requests.computed[i] as number;
    let n = Math.min(core.need(i), budget, core.maxModelLen - computed);
    if (threshold > 0) n = Math.min(n, threshold);
    if (n <= 0) {
      k++;
      continue;
    }
    const lookahead = (requests.generated[i] as number) > 0 ? core.draftTokens : 0;
    let itself = false;
    while (!kv.grow(i, computed + n + lookahead)) {
      const victim = limits.policy === "priority" ? leastUrgent(core) : lastAdmitted(core);
      const at = core.running.indexOf(victim);
      budget += core.unplan(victim);
      core.preempt(victim);
      preempted = true;
      itself = victim === i;
      if (itself) break;
      if (at < k) k--;
    }
    if (itself) break;
    core.plan(i, n);
    budget -= n;
    k++;
  }
  if (preempted) return;

  // Then the waiting line, from its head. Whoever does not fit holds up those behind; admission never preempts.
  while (core.waiting.size > 0 && budget > 0 && core.runningCount < limits.maxNumSeqs) {
    const i = core.waiting.at(0);
    const text = core.text(i);
    const present = requests.computed[i] as number;
    // At least one token is computed, so that there is something to sample from.
    const cached = present > 0 ? present : kv.lookup(i, text - 1);
    let n = text - cached;
    if (threshold > 0) n = Math.min(n, threshold);
    if (!limits.enableChunkedPrefill && n > budget) break;
    n = Math.min(n, budget);
    if (!core.everFits(i)) break;
    // The whole text must fit (scheduler_reserve_full_isl), even if only a part is computed now.
    if (!kv.admit(i, present > 0 ? 0 : cached, cached + n, text)) break;
    core.admitHead(cached);
    core.plan(i, n);
    budget -= n;
  }
}

/** First come, first served: whoever was admitted last gives way. */
function lastAdmitted(core: Core): number {
  return core.running[core.runningCount - 1] as number;
}

/** By priority: the highest priority number gives way, among equals the latest arrival. */
function leastUrgent(core: Core): number {
  const { priority, arrived } = core.requests;
  let worst = core.running[0] as number;
  for (let k = 1; k < core.runningCount; k++) {
    const i = core.running[k] as number;
    const difference = (priority[i] as number) - (priority[worst] as number);
    if (difference > 0 || (difference === 0 && (arrived[i] as number) >= (arrived[worst] as number))) worst = i;
  }
  return worst;
}
