/** Six requests a second with long prompts, and one server per token budget. */
import { clamp, exponential, lognormal, poisson, simulate, type Run, type Workload } from "perflab";

export const budgets = [256, 512, 768, 1024, 1536, 2048];
/** Three samples of the same traffic, whose means are near those of six. A single one has three requests beyond its p99. */
export const samples = [2, 5, 6];

export function traffic(rate: number, seed: number): Workload {
  return {
    arrivals: poisson(rate),
    prompt: clamp(lognormal({ median: 2000, sigma: 0.8 }), 1, 16_000),
    output: exponential(225),
    requests: 300,
    seed,
  };
}

const known = new Map<string, Run>();

/** One sample, served with so many tokens a step. Asked again, the same run. */
export function serve(budget: number, rate: number, seed: number): Run {
  const key = `${budget} ${rate} ${seed}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const run = simulate(
    { model: "llama-3.1-8b", gpu: "h100-sxm-80", scheduler: { maxNumBatchedTokens: budget, maxNumSeqs: 256 } },
    traffic(rate, seed),
  );
  known.set(key, run);
  return run;
}
