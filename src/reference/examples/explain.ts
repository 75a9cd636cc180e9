import { explain, fixed, poisson, simulate } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const run = simulate(server, { arrivals: poisson(30), prompt: fixed(2000), output: fixed(50), requests: 100 });
const { ttft } = explain(run, 99);
console.log("queue", ttft.queue.toFixed(3), "s, prefill", ttft.prefill.toFixed(3), "s");
