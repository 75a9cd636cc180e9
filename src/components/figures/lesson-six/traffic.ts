/** The chats of lesson 6 on one H100: what each request's first token waited for, and the p99 at any rate. */
import { explain, lognormal, percentile, poisson, simulate } from "../../../engine/index.ts";
import type { Parts } from "../../../engine/metrics/types.ts";
import type { Run } from "../../../engine/run.ts";
import type { Server, SpeculationOptions } from "../../../engine/server.ts";
import { kept } from "../kept.ts";

/** The server of the lesson: one model, one GPU, the frozen parameter set. */
export const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };

/** Its seats and its budget of a step. */
export const scheduler = { maxNumBatchedTokens: 2048, maxNumSeqs: 128 };

/** Seconds to the server and back. */
export const road = 0.02;

/** Drafts of the lesson: one made for the model, and a small model that is right half of the time. */
export const drafts = {
  none: undefined,
  good: { acceptance: 0.7, draftTokens: 5, draftCost: 0.05 },
  middling: { acceptance: 0.5, draftTokens: 5, draftCost: 0.1 },
} as const satisfies Readonly<Record<string, SpeculationOptions | undefined>>;
export type Draft = keyof typeof drafts;

/** A run of some hundred chats, with prompts of 800 tokens and answers of 150 in the median. */
export const chats = kept((rate: number, seed: number, requests: number, draft: Draft): Run => {
  const speculation = drafts[draft];
  return simulate(
    {
      ...server,
      scheduler,
      network: { rtt: road },
      ...(speculation && { speculation }),
    },
    {
      arrivals: poisson(rate),
      prompt: lognormal({ median: 800, sigma: 0.6 }),
      output: lognormal({ median: 150, sigma: 0.7 }),
      requests,
      seed,
    },
  );
});

/** Seconds from when each request should have left to its first token. */
export function ttfts({ requests: { first, scheduled } }: Run): number[] {
  return Array.from(first, (t, i) => t - (scheduled[i] ?? NaN));
}

/** p99 of TTFT, the mean of eight samples of 1,200 requests. */
export const p99 = kept((rate: number): number => {
  const each = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => percentile(ttfts(chats(rate, seed, 1200, "none")), 99));
  return each.reduce((a, b) => a + b, 0) / each.length;
});

/** Mean seconds of each term of TTFT, over the requests that rank from `from` to `to` per cent. */
export function waterfallOf(run: Run, from: number, to: number): Parts {
  const all = ttfts(run);
  const ranked = all.map((_, i) => i).sort((a, b) => (all[a] ?? 0) - (all[b] ?? 0));
  const band = ranked.slice(Math.floor((from / 100) * all.length), Math.ceil((to / 100) * all.length));
  const parts = { ...explain(run, 0).ttft };
  for (const term of Object.keys(parts) as (keyof Parts)[]) {
    parts[term] = band.reduce((sum, i) => sum + explain(run, i).ttft[term], 0) / band.length;
  }
  return parts;
}
