import { chart, poisson, simulate, uniform } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const waits = (rate: number) => {
  const { first, scheduled } = simulate(server, {
    arrivals: poisson(rate),
    prompt: uniform(200, 2000),
    output: uniform(20, 200),
    requests: 300,
  }).requests;
  return Array.from(first, (t, i) => t - scheduled[i]!);
};
chart.ecdf({
  title: "How many wait how long",
  x: { label: "TTFT", unit: "s" },
  samples: [8, 16].map((rate) => ({ name: `${rate} a second`, values: waits(rate) })),
});
