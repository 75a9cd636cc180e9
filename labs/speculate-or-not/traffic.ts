/** One H100 with an 8B model, with and without a draft, under chats that come at so many a second. */
import { lognormal, poisson, simulate, type Run, type SpeculationOptions } from "perflab";

export const rates = [2, 10, 20];

const known = new Map<string, Run>();

/** Three hundred chats, served with this draft or with none. Asked again, the same run. */
export function serve(rate: number, draft: SpeculationOptions | undefined, seed: number): Run {
  const key = `${rate} ${JSON.stringify(draft)} ${seed}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const run = simulate(
    {
      model: "llama-3.1-8b",
      gpu: "h100-sxm-80",
      scheduler: { maxNumBatchedTokens: 2048, maxNumSeqs: 128 },
      ...(draft && { speculation: draft }),
    },
    {
      arrivals: poisson(rate),
      prompt: lognormal({ median: 800, sigma: 0.6 }),
      output: lognormal({ median: 150, sigma: 0.7 }),
      requests: 300,
      seed,
    },
  );
  known.set(key, run);
  return run;
}
