import { chart, fixed, lognormal, poisson, simulate } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const run = simulate(server, {
  arrivals: poisson(4),
  prompt: lognormal({ median: 800, sigma: 0.8 }),
  output: fixed(50),
  requests: 120,
});
const { first, scheduled, promptTokens } = run.requests;
chart.scatter({
  title: "Longer prompts, later first tokens",
  x: { label: "Prompt", unit: "tokens" },
  y: { label: "TTFT", unit: "s" },
  series: [{ name: "request", points: Array.from(first, (t, i) => ({ x: promptTokens[i]!, y: t - scheduled[i]! })) }],
});
