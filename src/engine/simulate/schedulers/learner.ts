/** A policy written by a learner: called once a step; whatever breaks a limit is refused by name. */
import { InputError } from "../../errors.ts";
import type { Core, Scheduler } from "../core.ts";
import { stages } from "../requests.ts";
import type { Policy, Queued } from "../types.ts";

/** Wraps `pick(state)` as a scheduler. The state is a copy: changing it changes nothing. */
export function learnerScheduler(pick: Policy): Scheduler {
  return (core: Core) => {
    const running: Queued[] = [];
    for (let k = 0; k < core.runningCount; k++) running.push(queued(core, core.running[k] as number));
    const waiting: Queued[] = [];
    for (let k = 0; k < core.waiting.size; k++) waiting.push(queued(core, core.waiting.at(k)));
    const picked = pick({
      now: core.clock,
      tokenBudget: core.limits.maxNumBatchedTokens,
      maxNumSeqs: core.limits.maxNumSeqs,
      freeBlocks: core.kv.free,
      blockSize: core.limits.blockSize,
      running,
      waiting,
    });
    if (
      typeof picked !== "object" ||
      picked === null ||
      !Array.isArray(picked.decode) ||
      !Array.isArray(picked.prefill) ||
      (picked.preempt !== undefined && !Array.isArray(picked.preempt))
    ) {
      throw new InputError(
        "what options.policy returned",
        picked,
        "an object { decode: number[], prefill: { request, tokens }[] }, with preempt: number[] if anyone must give way",
      );
    }
    apply(core, picked);
  };
}

function queued(core: Core, i: number): Queued {
  const r = core.requests;
  return {
    request: i,
    arrived: r.arrived[i] as number,
    prompt: r.prompt[i] as number,
    computed: r.computed[i] as number,
    generated: r.generated[i] as number,
    blocks: r.blocks[i] as number,
    priority: r.priority[i] as number,
  };
}

function apply(core: Core, picked: ReturnType<Policy>): void {
  const { requests, kv, limits } = core;
  let budget = limits.maxNumBatchedTokens;
  const seen = new Set<number>();
  const once = (field: string, i: number): void => {
    if (seen.has(i)) throw new InputError(field, i, "a request named once in a step");
    seen.add(i);
  };
  for (const i of picked.preempt ?? []) {
    once("preempt", i);
    if (requests.stage[i] !== stages.running) throw new InputError("preempt", i, "a running request");
    core.preempt(i);
  }
  for (const i of picked.decode) {
    once("decode", i);
    if (requests.stage[i] !== stages.running || core.need(i) !== 1 || requests.generated[i] === 0) {
      throw new InputError("decode", i, "a running request whose prompt is computed");
    }
    if (--budget < 0) throw budgetError(limits.maxNumBatchedTokens, picked);
    if (!kv.grow(i, (requests.computed[i] as number) + 1)) {
      throw new InputError("decode", i, `a request for which a KV block is free (freeBlocks is ${kv.free})`);
    }
    core.plan(i, 1);
  }
  for (const { request: i, tokens } of picked.prefill) {
    once("prefill.request", i);
    const left = core.text(i) - (requests.computed[i] as number);
    if (!Number.isInteger(tokens) || tokens < 1 || tokens > left) {
      throw new InputError(
        "prefill.tokens",
        tokens,
        `a whole number from 1 to the ${left} tokens request ${i} has left`,
      );
    }
    if ((budget -= tokens) < 0) throw budgetError(limits.maxNumBatchedTokens, picked);
    if (requests.stage[i] === stages.waiting) admit(core, i, tokens);
    else if (requests.stage[i] !== stages.running) {
      throw new InputError("prefill.request", i, "a waiting request, or a running one with prompt left");
    } else if (!kv.grow(i, (requests.computed[i] as number) + tokens)) throw roomError(core, i);
    core.plan(i, tokens);
  }
}

function admit(core: Core, i: number, tokens: number): void {
  if (core.runningCount >= core.limits.maxNumSeqs) {
    throw new InputError(
      "prefill.request",
      i,
      `left waiting: maxNumSeqs (${core.limits.maxNumSeqs}) requests are running`,
    );
  }
  if (!core.kv.admit(i, 0, tokens, tokens)) throw roomError(core, i);
  core.waiting.remove(i);
  core.waiting.prepend(i);
  core.admitHead(0);
}

function roomError(core: Core, i: number): InputError {
  return new InputError(
    "prefill.request",
    i,
    `given no more tokens than free KV blocks hold (freeBlocks is ${core.kv.free})`,
  );
}

function budgetError(budget: number, picked: ReturnType<Policy>): InputError {
  const asked = picked.decode.length + picked.prefill.reduce((sum, p) => sum + p.tokens, 0);
  return new InputError("the tokens that options.policy gave out", asked, `at most the token budget, ${budget}`);
}
