/** Steady state of continuous batching, in closed form: how many requests decode, how long a token and a first token take. */
import type { StepFeatures, StepModel } from "../step/types.ts";
import { windowedPairs } from "./step.ts";

export interface SteadyInput {
  readonly prompt: number;
  readonly output: number;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Most sequences that run at once: the scheduler's limit or what the KV cache holds. */
  readonly maxRunning: number;
  readonly maxNumBatchedTokens: number;
}

/** Seconds; requests per second. */
export interface SteadyState {
  readonly ttft: number;
  readonly tpot: number;
  readonly requestsPerSecond: number;
  readonly running: number;
  readonly waiting: number;
}

/**
 * While B sequences decode, B ÷ output of them end in each step and as many prompts come in, so a share of the steps carries
 * prefill. A token takes the mean step; the first token takes the rest of the running step, the prompts ahead in the queue,
 * and its own. Little's law closes the loop: concurrency = rate × (TTFT + (output − 1) × TPOT).
 */
export function steadyState(step: StepModel, o: SteadyInput): SteadyState {
  const { prompt, concurrency } = o;
  const output = Math.max(1, o.output);
  const limit = Math.max(1, Math.min(concurrency, o.maxRunning));
  let running = limit;
  let result = stateAt(step, o, running);
  for (let i = 0; i < 24; i++) {
    result = stateAt(step, o, running);
    const rate = limit / (result.ttft + (output - 1) * result.tpot);
    const next = Math.max(1e-3, Math.min(limit, rate * (output - 1) * result.tpot));
    if (Math.abs(next - running) < 1e-6 * limit) break;
    running = (running + next) / 2;
  }
  const service = result.ttft + (output - 1) * result.tpot;
  const requestsPerSecond = limit / service;
  const waiting = Math.max(0, concurrency - limit);
  return {
    ttft: result.ttft + waiting / requestsPerSecond,
    tpot: result.tpot,
    requestsPerSecond,
    running,
    waiting: waiting + prompt * 0,
  };
}

function stateAt(step: StepModel, o: SteadyInput, running: number): { ttft: number; tpot: number } {
  const output = Math.max(1, o.output);
  const context = o.prompt + output / 2;
  const room = Math.max(1, o.maxNumBatchedTokens - running);
  const perStep = running / output;
  const chunks = Math.max(1, o.prompt / room);
  const share = Math.min(1, perStep * chunks);
  const prompts = Math.min(perStep / share, room / o.prompt);
  const plain = step.seconds(mixed(step, running, context, 0, o.prompt));
  const carrying = step.seconds(mixed(step, running, context, prompts, o.prompt));
  const tpot = (1 - share) * plain + share * carrying;
  const excess = Math.max(1, (perStep * chunks) / share);
  return { ttft: tpot / 2 + chunks * carrying * excess, tpot: tpot * excess };
}

function mixed(step: StepModel, running: number, context: number, prompts: number, prompt: number): StepFeatures {
  const window = step.window;
  const cut = window === undefined ? context : Math.min(context, window);
  const pairs = (prompts * prompt * prompt) / 2;
  return {
    tokens: running + prompts * prompt,
    sequences: running + prompts,
    sampled: running + prompts,
    decodeContext: running * context,
    decodeContextWindowed: running * cut,
    prefillTokens: prompts * prompt,
    prefillPairs: pairs,
    prefillPairsWindowed: window === undefined ? pairs : prompts * windowedPairs(prompt, 0, window),
    prefillContext: 0,
    prefillContextWindowed: 0,
  };
}
