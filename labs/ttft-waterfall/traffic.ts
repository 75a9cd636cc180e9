/** One H100 with an 8B model, and twelve hundred chats that come at so many a second. */
import { lognormal, poisson, simulate, type Run } from "perflab";

export const rates = [8, 14, 18, 22];

const known = new Map<string, Run>();

/** Served from a user's distance: `rtt` seconds there and back. Asked again, the same run. */
export function serve(rate: number, rtt: number, seed: number): Run {
  const key = `${rate} ${rtt} ${seed}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const run = simulate(
    {
      model: "llama-3.1-8b",
      gpu: "h100-sxm-80",
      scheduler: { maxNumBatchedTokens: 2048, maxNumSeqs: 128 },
      network: { rtt },
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
