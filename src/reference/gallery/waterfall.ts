import { chart, prefillStep } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
chart.waterfall({
  title: "Where a first token's time goes",
  y: { label: "Time", unit: "s" },
  categories: ["network", "queue", "prefill"],
  series: [{ name: "one request", values: [0.02, 0.05, prefillStep(server, { tokens: 4000 }).seconds] }],
});
