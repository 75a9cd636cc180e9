/** Steady state of continuous batching, in closed form: how many requests decode, how long a token and a first token take. */
import type { StepModel } from "../step/types.ts";
import { decodeFeatures, mixedFeatures, prefillFeatures } from "./features.ts";

export interface Lane {
  readonly step: StepModel;
  /** Tokens of a prompt still to be computed, and of an answer. */
  readonly prompt: number;
  readonly output: number;
  /** Tokens of the prompt that a prefix cache holds. */
  readonly cached: number;
  /** Most sequences that run at once: the scheduler's limit or what the KV cache holds. */
  readonly maxRunning: number;
  readonly maxNumBatchedTokens: number;
  /** Prompts ride along with decoding sequences; otherwise they stop them (prefill first). */
  readonly mixes: boolean;
}

/** Seconds; requests per second. */
export interface SteadyState {
  readonly ttft: number;
  readonly tpot: number;
  readonly requestsPerSecond: number;
  /** Sequences that decode, and requests that wait for a place. */
  readonly running: number;
  readonly waiting: number;
}

/** What one pass over `output` decode steps looks like with `running` sequences. */
interface Pace {
  readonly tpot: number;
  /** From arrival to first token when places are free. */
  readonly ttft: number;
}

/**
 * With `concurrency` requests in flight. While B sequences decode, B ÷ output of them end in each step and as many prompts come
 * in. A token takes the mean step; a first token takes the rest of the running step, then the step that carries its prompt
 * together with the prompts that came meanwhile. What does not fit into a step's token budget or the KV cache waits.
 * Little's law closes the loop: concurrency = rate × (TTFT + (output − 1) × TPOT).
 */
export function closedLoop(lane: Lane, concurrency: number): SteadyState {
  const output = Math.max(1, lane.output);
  const most = Math.max(1, Math.min(concurrency, lane.maxRunning, budgetLimit(lane)));
  let running = most;
  let pace = paceAt(lane, running);
  if (output > 1 && concurrency <= most) {
    for (let i = 0; i < 16; i++) {
      const share = ((output - 1) * pace.tpot) / (pace.ttft + (output - 1) * pace.tpot);
      const next = Math.max(0.02, concurrency * share);
      const settled = Math.abs(next - running) < 1e-4 * running;
      running = next;
      pace = paceAt(lane, running);
      if (settled) break;
    }
  }
  const free = pace.ttft + (output - 1) * pace.tpot;
  const admitted = output > 1 ? Math.min(concurrency, Math.max(most, 1)) : concurrency;
  const rate = Math.min(admitted / free, concurrency / free);
  const waiting = Math.max(0, concurrency - rate * free);
  return { ttft: pace.ttft + waiting / rate, tpot: pace.tpot, requestsPerSecond: rate, running, waiting };
}

/** With requests arriving at random at `rate` per second; `waiting` is Infinity when that is more than the server can do. */
export function openLoop(lane: Lane, rate: number): SteadyState {
  const output = Math.max(1, lane.output);
  const full = closedLoop(lane, 4 * Math.max(1, Math.min(lane.maxRunning, budgetLimit(lane))));
  if (rate >= full.requestsPerSecond) return { ...full, ttft: Infinity, waiting: Infinity };
  let low = 0.01;
  let high = Math.max(1, full.running);
  for (let i = 0; i < 24; i++) {
    const middle = Math.sqrt(low * high);
    const pace = paceAt(lane, middle);
    if (middle / (Math.max(1, output - 1) * pace.tpot) < rate) low = middle;
    else high = middle;
  }
  const pace = paceAt(lane, low);
  const load = rate / full.requestsPerSecond;
  const wait = (pace.ttft * load * load) / (2 * (1 - load));
  return { ttft: pace.ttft + wait, tpot: pace.tpot, requestsPerSecond: rate, running: low, waiting: rate * wait };
}

/** Most sequences that can decode while a step's token budget also takes in the prompts that replace those that end. */
function budgetLimit(lane: Lane): number {
  if (!lane.mixes) return Infinity;
  return Math.max(1, (lane.maxNumBatchedTokens * lane.output) / (lane.prompt + lane.output));
}

function paceAt(lane: Lane, running: number): Pace {
  const { step, prompt, cached, mixes } = lane;
  const output = Math.max(1, lane.output);
  const context = cached + prompt + output / 2;
  const window = step.window;
  const plain = step.seconds(decodeFeatures(running, context, window));
  const perStep = running / output;
  const budget = Math.max(1, mixes ? lane.maxNumBatchedTokens - running : lane.maxNumBatchedTokens);
  const perPass = Math.max(1, budget / prompt);
  const passes = Math.max(1, prompt / budget);
  let batched = 1;
  let carrying = plain;
  let tpot = plain;
  let share = 0;
  for (let i = 0; i < 4; i++) {
    const tokens = Math.min(prompt, budget);
    const before = cached + (prompt - tokens) / 2;
    carrying = mixes
      ? step.seconds(mixedFeatures(running, context, batched, tokens, before, window))
      : step.seconds(prefillFeatures(batched, tokens, before, window));
    const steps = (perStep / batched) * passes;
    share = mixes ? Math.min(1, steps) : steps;
    tpot = mixes ? plain + share * Math.max(0, carrying - plain) : plain + steps * carrying;
    const rate = perStep / tpot;
    const inProgress = share > 0 ? (share * carrying * carrying + plain * plain) / (share * carrying + plain) : plain;
    batched = Math.min(perPass, 1 + rate * inProgress * Math.max(0, 1 - 1 / Math.max(1, running)));
  }
  const inProgress = (share * carrying * carrying + plain * plain) / (share * carrying + plain);
  const residual = running > 0.05 ? (inProgress / 2) * Math.min(1, running) : 0;
  return { tpot, ttft: residual + passes * carrying };
}
