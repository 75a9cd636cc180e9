/**
 * Prefill first, as vLLM before V1 and TGI do it: while prompts wait and fit, a step computes whole prompts and nothing else,
 * and everyone who is decoding stands still.
 */
import type { Core } from "../core.ts";

export function schedulePrefillFirst(core: Core): void {
  const { limits, requests, kv } = core;
  let budget = limits.maxNumBatchedTokens;
  while (core.waiting.size > 0 && core.runningCount < limits.maxNumSeqs) {
    const i = core.waiting.at(0);
    const text = core.text(i);
    const present = requests.computed[i] as number;
    const cached = present > 0 ? present : kv.lookup(i, text - 1);
    const n = text - cached;
    // Prompts are never cut; one that is longer than the budget goes alone.
    if (n > budget && core.planned.count > 0) break;
    if (!core.everFits(i)) break;
    if (!kv.admit(i, present > 0 ? 0 : cached, text, text)) break;
    core.admitHead(cached);
    core.plan(i, n);
    budget -= n;
    if (budget <= 0) break;
  }
  if (core.planned.count > 0) return;

  for (let k = 0; k < core.runningCount; k++) {
    const i = core.running[k] as number;
    const n = core.need(i);
    let itself = false;
    while (!kv.grow(i, (requests.computed[i] as number) + n)) {
      const victim = core.running[core.runningCount - 1] as number;
      core.preempt(victim);
      itself = victim === i;
      if (itself) break;
    }
    if (itself) break;
    core.plan(i, n);
  }
}
