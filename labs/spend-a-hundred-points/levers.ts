/** An assistant with long instructions, what could be done to its server, and what each thing costs in points of effort. */
import { fixed, lognormal, poisson, simulate, summarize, type Server, type Workload } from "perflab";

export type Lever = keyof typeof levers;

/** What is served, and how. */
interface Setup {
  readonly server: Server;
  readonly workload: Workload;
}

/** Three round trips of 40 ms before an answer can begin: two to connect, one to ask. */
function today(seed: number): Setup {
  return {
    server: {
      model: "llama-3.1-8b",
      gpu: "h100-sxm-80",
      scheduler: { maxNumBatchedTokens: 512, maxNumSeqs: 128, enablePrefixCaching: false, blockSize: 64 },
      network: { rtt: 0.12 },
    },
    workload: {
      arrivals: poisson(4),
      prefix: { groups: 4, tokens: fixed(3000) },
      prompt: lognormal({ median: 1500, sigma: 0.5 }),
      output: lognormal({ median: 100, sigma: 0.7 }),
      requests: 120,
      seed,
    },
  };
}

const change =
  (of: Partial<Server>) =>
  ({ server, workload }: Setup): Setup => ({
    server: { ...server, ...of, scheduler: { ...server.scheduler, ...of.scheduler } },
    workload,
  });
const ask =
  (of: Partial<Workload>) =>
  ({ server, workload }: Setup): Setup => ({ server, workload: { ...workload, ...of } });

export const levers = {
  keepAlive: { points: 5, name: "keep connections open", apply: change({ network: { rtt: 0.04 } }) },
  largeSteps: { points: 5, name: "2,048 tokens a step", apply: change({ scheduler: { maxNumBatchedTokens: 2048 } }) },
  shortAnswers: {
    points: 15,
    name: "answers a third shorter",
    apply: ask({ output: lognormal({ median: 67, sigma: 0.7 }) }),
  },
  reuse: { points: 20, name: "cache the 3,000 tokens", apply: change({ scheduler: { enablePrefixCaching: true } }) },
  shortPrompts: {
    points: 25,
    name: "fewer passages a prompt",
    apply: ask({ prompt: lognormal({ median: 900, sigma: 0.5 }) }),
  },
  speculate: {
    points: 30,
    name: "speculative decoding",
    apply: change({ speculation: { acceptance: 0.7, draftTokens: 4, draftCost: 0.05 } }),
  },
  fp8: { points: 35, name: "FP8 weights, tested", apply: change({ weights: "fp8" }) },
  secondGpu: { points: 60, name: "a second GPU, tensor parallel", apply: change({ tensorParallel: 2 }) },
  secondServer: { points: 60, name: "a second server", apply: change({ replicas: 2, routing: "least-loaded" }) },
} as const;

const ids = Object.keys(levers) as Lever[];
const known = new Map<string, Clocks>();

/** Seconds at p99. */
export interface Clocks {
  readonly ttft: number;
  readonly itl: number;
}

/** What users see once all of these are done, as the mean of the samples. */
export function measure(done: readonly Lever[], seeds: readonly number[] = [1]): Clocks {
  const chosen = ids.filter((id) => done.includes(id));
  const key = `${chosen.join()} ${seeds.join()}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const each = seeds.map((seed) => {
    const { server, workload } = chosen.reduce((setup: Setup, id) => levers[id].apply(setup), today(seed));
    return summarize(simulate(server, workload), { window: "all" });
  });
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const clocks = { ttft: mean(each.map(({ ttft }) => ttft.p(99))), itl: mean(each.map(({ itl }) => itl.p(99))) };
  known.set(key, clocks);
  return clocks;
}
