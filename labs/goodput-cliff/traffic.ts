/** A chat service on one H100, at any rate. Prompts have 800 tokens in the median, answers 150; both are lognormal. */
import { lognormal, poisson, simulate, type Run, type SchedulerOptions } from "perflab";

/** Requests a second that are tried. */
export const rates = [3, 16, 18, 20, 24];
/** Samples of the same traffic. */
export const samples = [2, 3];
/** What users were promised, in seconds. */
export const slo = { ttft: 0.5, tpot: 0.03 };

const known = new Map<string, Run>();

/** One sample of 40 s of traffic at a rate. Asked again, the same run. */
export function serve(rate: number, seed: number, scheduler: Partial<SchedulerOptions> = {}): Run {
  const key = `${rate} ${seed} ${JSON.stringify(scheduler)}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const run = simulate(
    { model: "llama-3.1-8b", gpu: "h100-sxm-80", scheduler },
    {
      arrivals: poisson(rate),
      prompt: lognormal({ median: 800, sigma: 0.6 }),
      output: lognormal({ median: 150, sigma: 0.6 }),
      duration: 40,
      seed,
    },
  );
  known.set(key, run);
  return run;
}
