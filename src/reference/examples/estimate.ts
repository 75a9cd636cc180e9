import { estimate } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const { ttft, tpot, outputTokensPerSecond, bound } = estimate(server, { prompt: 1024, output: 128, concurrency: 32 });
console.log(
  `TTFT ${(ttft.value * 1000).toFixed(0)} ms (${(ttft.low * 1000).toFixed(0)}–${(ttft.high * 1000).toFixed(0)})`,
);
console.log(
  `TPOT ${(tpot.value * 1000).toFixed(2)} ms, ${outputTokensPerSecond.value.toFixed(0)} tokens/s, bound by ${bound}`,
);
