/**
 * vLLM V1's scheduler (vllm/v1/core/sched/scheduler.py), rule by rule. There is no prefill or decode phase: a request that is
 * behind its text is brought forward by as many tokens as the budget allows.
 */
import type { Core } from "../core.ts";

export function scheduleVllm(core: Core): void {
  const { limits, rules, requests, kv, draftSlots } = core;
  const threshold = thresholdOf(core);
  const throttled = throttlesPrefills(core);
  const furthest = core.maxModelLen - (rules.stopsOneShort ? 1 : 0);
  let budget = Math.min(limits.maxNumScheduledTokens ?? Infinity, limits.maxNumBatchedTokens);
  let preempted = false;
  let decodes = 0;

  // Running requests first, in the order in which they were admitted.
  for (let k = 0; k < core.runningCount && budget > draftSlots;) {
    const i = core.running[k] as number;
    const prompt = core.prefilling(i);
    let n = core.need(i);
    if (threshold > 0) n = Math.min(n, threshold);
    n = Math.min(n, budget - draftSlots, furthest - (requests.computed[i] as number));
    if (n <= 0 || (throttled && prompt)) {
      k++;
      continue;
    }
    let itself = false;
    while (!core.grow(i, n)) {
      const victim = limits.policy === "priority" ? leastUrgent(core) : lastAdmitted(core);
      const at = core.running.indexOf(victim);
      const given = core.unplan(victim);
      if (given > 0) budget += given + draftSlots;
      core.preempt(victim);
      preempted = true;
      itself = victim === i;
      if (itself) break;
      if (at < k) k--;
    }
    if (itself) {
      if (rules.selfPreemptionGoesOn) continue;
      break;
    }
    core.plan(i, n);
    budget -= n + draftSlots;
    if (!prompt) decodes++;
    k++;
  }
  if (preempted) return;

  // Then the waiting line, from its head. Whoever does not fit holds up those behind; admission never preempts.
  const places = limits.maxNumActiveSeqs ?? limits.maxNumSeqs;
  while (core.waiting.size > 0 && budget > draftSlots && core.runningCount < places) {
    const i = core.waiting.at(0);
    const text = core.text(i);
    const present = requests.computed[i] as number;
    if (throttled && present === 0) break;
    // At least one token is computed, so that there is something to sample from.
    const cached = present > 0 ? present : kv.lookup(i, text - 1);
    let n = text - cached;
    if (threshold > 0) n = Math.min(n, threshold);
    // Beside decodes with drafts, a single token is padded to their length: one shape for the whole batch.
    const padded = n === 1 && decodes > 0 && rules.padsOneToken && core.draftTokens > 0;
    if (padded) n += core.draftTokens;
    if ((padded || !limits.enableChunkedPrefill) && n > budget - draftSlots) break;
    n = Math.min(n, budget - draftSlots);
    if (!core.everFits(i)) break;
    const tokens = rules.lookaheadAtAdmission ? core.withLookahead(cached + n) : cached + n;
    const reserve = limits.schedulerReserveFullIsl ? text : 0;
    if (!kv.admit(i, present > 0 ? 0 : cached, tokens, reserve, core.spareBlocks)) break;
    core.admitHead(cached);
    core.plan(i, n);
    budget -= n + draftSlots;
  }
}

/** Tokens of text that one request may compute in a step while others want some too; 0 for no limit. */
function thresholdOf({ limits, rules, runningCount, waiting }: Core): number {
  const threshold = limits.longPrefillTokenThreshold;
  const wanting = runningCount + waiting.size;
  if (threshold === 0 || (rules.thresholdSparesTheOnly && wanting <= 1)) return 0;
  return limits.longPrefillTokenThresholdAdaptive
    ? Math.max(threshold, Math.floor(limits.maxNumBatchedTokens / wanting))
    : threshold;
}

/** Whether prompts stand back in this step for those who decode (`prefillScheduleInterval`). */
function throttlesPrefills(core: Core): boolean {
  if (core.plans % core.limits.prefillScheduleInterval === 0) return false;
  for (let k = 0; k < core.runningCount; k++) if (!core.prefilling(core.running[k] as number)) return true;
  return false;
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
    const later = (arrived[i] as number) - (arrived[worst] as number);
    if (difference > 0 || (difference === 0 && (later > 0 || (later === 0 && i > worst)))) worst = i;
  }
  return worst;
}
