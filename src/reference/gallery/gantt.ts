import { chart, poisson, simulate, uniform } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const run = simulate(server, {
  arrivals: poisson(12),
  prompt: uniform(200, 2000),
  output: uniform(20, 100),
  requests: 24,
});
chart.gantt(run);
