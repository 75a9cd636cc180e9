/**
 * vLLM V1's scheduler (vllm/v1/core/sched/scheduler.py), rule by rule. There is no prefill or decode phase: a request that is
 * behind its text is brought forward by as many tokens as the budget allows.
 */
import type { Core } from "../core.ts";

export function scheduleVllm(core: Core): void {
  const { limits, rules, requests, kv, draftSlots, cadence } = core;
  const threshold = thresholdOf(core);
  const held = cadence.holds(core);
  const furthest = core.maxModelLen - (rules.stopsOneShort ? 1 : 0);
  // Tokens of text that the step may compute, and tokens of input that it has room for: drafting takes of the second alone.
  let tokens = limits.maxNumScheduledTokens ?? limits.maxNumBatchedTokens;
  let inputs = limits.maxNumBatchedTokens;
  let preempted = false;
  let decodes = 0;
  let chunks = false;

  // Running requests first, in the order in which they were admitted.
  for (let k = 0; k < core.runningCount && tokens > 0 && inputs > draftSlots;) {
    const i = core.running[k] as number;
    const prompt = core.prefilling(i);
    let n = core.need(i);
    if (threshold > 0) n = Math.min(n, threshold);
    n = Math.min(n, tokens, inputs - draftSlots, furthest - core.assumed(i));
    if (n <= 0 || (held && prompt)) {
      k++;
      continue;
    }
    let itself = false;
    let fenced = false;
    while (!core.grow(i, n)) {
      const victim = limits.policy === "priority" ? leastUrgent(core) : lastAdmitted(core);
      fenced = core.fences(victim);
      if (fenced) break;
      const at = core.running.indexOf(victim);
      const given = core.unplan(victim);
      if (given > 0) {
        tokens += given;
        inputs += given + draftSlots;
      }
      core.preempt(victim);
      preempted = true;
      itself = victim === i;
      if (itself) break;
      if (at < k) k--;
    }
    if (fenced) break;
    if (itself) {
      if (rules.selfPreemptionGoesOn) continue;
      break;
    }
    core.plan(i, n);
    tokens -= n;
    inputs -= n + draftSlots;
    if (prompt) chunks = true;
    else decodes++;
    k++;
  }

  // Then the waiting line, from its head. Whoever does not fit holds up those behind; admission never preempts.
  const places = preempted ? 0 : (limits.maxNumActiveSeqs ?? limits.maxNumSeqs);
  let prompts = chunks;
  const { remote } = core;
  while (tokens > 0 && inputs > draftSlots && core.runningCount < places) {
    // Whoever holds blocks already, for KV that has come from elsewhere, goes first.
    const queue = remote.ready.size > 0 ? remote.ready : core.waiting;
    if (queue.size === 0) break;
    const i = queue.at(0);
    if (remote.expects(i)) {
      if (!core.everFits(i) || !core.fetchHead()) break;
      continue;
    }
    const text = core.text(i);
    const present = requests.computed[i] as number;
    // At least one token is computed, so that there is something to sample from.
    const cached = present > 0 ? present : kv.lookup(i, text - 1);
    if (held && cached < text - 1) break;
    const room = Math.min(tokens, inputs - draftSlots);
    let n = text - cached;
    const row = 1 + core.draftTokens;
    if (n === 1 && row > 1 && padsOneToken(core, cached, decodes, chunks)) {
      if (row > room) break;
      n = row;
    }
    if (threshold > 0) n = Math.min(n, threshold);
    if (!limits.enableChunkedPrefill && n > room) break;
    n = Math.min(n, room);
    if (!core.everFits(i)) break;
    const slots = rules.lookaheadAtAdmission ? core.withLookahead(cached + n) : cached + n;
    const reserve = limits.schedulerReserveFullIsl ? text : 0;
    // Blocks are left free beside others; whoever comes alone may take them all.
    const spare = core.runningCount > 0 ? core.spareBlocks : 0;
    const fits =
      queue === remote.ready
        ? core.growReady(i, slots, spare)
        : kv.admit(i, present > 0 ? 0 : cached, slots, reserve, spare);
    if (!fits) break;
    core.admitHead(cached, queue);
    core.plan(i, n);
    tokens -= n;
    inputs -= n + draftSlots;
    if (cached < text - 1) prompts = true;
  }
  if (!preempted && !held) cadence.took(core);
  cadence.planned(core.planned.count > 0, prompts);
}

/**
 * Whether a request that lacks one token is padded to the rows of those who decode with drafts, so that the step keeps one shape for
 * all: not beside a piece of prompt, nor for a prompt of one token that comes alone, nor past the longest context.
 */
function padsOneToken(core: Core, cached: number, decodes: number, chunks: boolean): boolean {
  if (!core.rules.padsOneToken || chunks || (decodes === 0 && cached === 0)) return false;
  return cached + 1 + core.draftTokens + 1 <= core.maxModelLen;
}

/** Tokens of text that one request may compute in a step while others want some too; 0 for no limit. */
function thresholdOf({ limits, rules, load }: Core): number {
  const threshold = limits.longPrefillTokenThreshold;
  if (threshold === 0 || (rules.thresholdSparesTheOnly && load <= 1)) return 0;
  return limits.longPrefillTokenThresholdAdaptive
    ? Math.max(threshold, Math.floor(limits.maxNumBatchedTokens / load))
    : threshold;
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
