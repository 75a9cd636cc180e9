/** The same server as before, and the p99 of its time to first token at any rate. */
import { lognormal, percentile, poisson, simulate, type Run } from "perflab";

const known = new Map<string, Run>();

/** Twelve hundred chats at so many a second. Asked again, the same run. */
export function serve(rate: number, seed: number): Run {
  const key = `${rate} ${seed}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const run = simulate(
    {
      model: "llama-3.1-8b",
      gpu: "h100-sxm-80",
      scheduler: { maxNumBatchedTokens: 2048, maxNumSeqs: 128 },
    },
    {
      arrivals: poisson(rate),
      prompt: lognormal({ median: 800, sigma: 0.6 }),
      output: lognormal({ median: 150, sigma: 0.7 }),
      requests: 1200,
      seed,
    },
  );
  known.set(key, run);
  return run;
}

/** p99 of the time to first token, as the mean of several samples. Seconds. */
export function simulated(rate: number, seeds: readonly number[]): number {
  const each = seeds.map((seed) => {
    const { first, started } = serve(rate, seed).requests;
    return percentile(
      first.map((t, i) => t - (started[i] ?? NaN)),
      99,
    );
  });
  return each.reduce((a, b) => a + b, 0) / each.length;
}
