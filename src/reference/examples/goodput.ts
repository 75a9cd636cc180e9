import { fixed, goodput, poisson, simulate } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const run = simulate(server, { arrivals: poisson(20), prompt: fixed(1024), output: fixed(128), requests: 500 });
const { attainment, requestsPerSecond } = goodput(run, { ttft: 0.2, tpot: 0.02 });
console.log((attainment * 100).toFixed(1), "% in time:", requestsPerSecond.toFixed(1), "good requests/s");
