import { benchmark, chart, lognormal, poisson, simulate, summarize, type Run, type Server } from "perflab";

const load = {
  arrivals: poisson(6), // requests a second
  prompt: lognormal({ mean: 800, sigma: 0.6 }), // tokens
  output: lognormal({ mean: 200, sigma: 0.6 }),
  requests: 300,
};
const other: Server = { model: "llama-3.1-8b", gpu: "a100-sxm-80" };

const runs: [string, Run][] = [
  ["the target", await benchmark(load)], // what stands above the result: simulated, or your own endpoint
  ["one A100, simulated", simulate(other, { ...load, seed: 1 })],
];

for (const [name, run] of runs) {
  const { ttft, tpot, outputTokensPerSecond } = summarize(run);
  console.log(
    `${name}: TTFT p99 ${(ttft.p(99) * 1000).toFixed(0)} ms, TPOT p99 ${(tpot.p(99) * 1000).toFixed(1)} ms,`,
    `${outputTokensPerSecond.toFixed(0)} output tokens/s`,
  );
}
chart.ecdf({
  title: "Time to first token",
  x: { label: "TTFT", unit: "s", scale: "log" },
  samples: runs.map(([name, { requests: r }]) => ({
    name,
    values: Array.from(r.first, (first, i) => first - r.started[i]).filter(Number.isFinite),
  })),
});
