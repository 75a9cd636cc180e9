/** Four GPUs, split between prefill and decode or not. */
import { lognormal, poisson, simulate, summarize } from "../../../engine/index.ts";
import type { Server } from "../../../engine/server.ts";
import { kept } from "../kept.ts";
import { server } from "./traffic.ts";

const link = 50e9;
const plans = {
  together: { replicas: 4, routing: "least-loaded", scheduler: { maxNumBatchedTokens: 512, maxNumSeqs: 256 } },
  twoAndTwo: {
    disaggregated: { prefillGpus: 2, decodeGpus: 2, linkBytesPerSecond: link },
    scheduler: { maxNumBatchedTokens: 8192, maxNumSeqs: 256 },
  },
  threeAndOne: {
    disaggregated: { prefillGpus: 3, decodeGpus: 1, linkBytesPerSecond: link },
    scheduler: { maxNumBatchedTokens: 8192, maxNumSeqs: 256 },
  },
} as const satisfies Readonly<Record<string, Partial<Server>>>;
export type Plan = keyof typeof plans;

/** 16 requests a second, prompts of 2,000 tokens and answers of 250 in the median: the mean of two samples of 500. */
export const split = kept((plan: Plan) => {
  const each = [1, 2].map((seed) => {
    const load = {
      arrivals: poisson(16),
      prompt: lognormal({ median: 2000, sigma: 0.5 }),
      output: lognormal({ median: 250, sigma: 0.6 }),
      requests: 500,
      seed,
    };
    return summarize(simulate({ ...server, ...plans[plan] }, load), { window: "all" });
  });
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    ttft: mean(each.map(({ ttft }) => ttft.p(99))),
    itl: mean(each.map(({ itl }) => itl.p(99))),
    gap: mean(each.map(({ itl }) => itl.p(50))),
    tokens: mean(each.map(({ outputTokensPerSecond }) => outputTokensPerSecond)),
  };
});
