import { fixed, poisson, ragPipeline } from "perflab";

const { stages } = ragPipeline(
  [
    { name: "embed", time: fixed(0.02) },
    { name: "search", time: fixed(0.03), addsPromptTokens: 1500 },
  ],
  { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
  { arrivals: poisson(4), prompt: fixed(100), output: fixed(50), requests: 100 },
);
console.log(
  "model",
  (stages["model"]!.p(50) * 1000).toFixed(0),
  "ms of",
  (stages["total"]!.p(50) * 1000).toFixed(0),
  "ms",
);
