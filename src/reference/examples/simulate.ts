import { lognormal, poisson, simulate, summarize } from "perflab";

const run = simulate(
  { model: "llama-3.1-8b", gpu: "h100-sxm-80", scheduler: { maxNumSeqs: 64 } },
  {
    arrivals: poisson(12),
    prompt: lognormal({ mean: 512, sigma: 0.8 }),
    output: lognormal({ mean: 128, sigma: 0.8 }),
    requests: 1000,
  },
);
console.log(run.requests.count, "requests; TTFT p99", (summarize(run).ttft.p(99) * 1000).toFixed(0), "ms");
