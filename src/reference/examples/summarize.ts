import { fixed, poisson, simulate, summarize } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const run = simulate(server, { arrivals: poisson(10), prompt: fixed(1024), output: fixed(128), requests: 500 });
const { ttft, tpot, outputTokensPerSecond } = summarize(run);
console.log("TTFT p50", (ttft.p(50) * 1000).toFixed(1), "ms, p99", (ttft.p(99) * 1000).toFixed(1), "ms");
console.log("TPOT mean", (tpot.mean * 1000).toFixed(2), "ms;", outputTokensPerSecond.toFixed(0), "tokens/s");
// The same run as another tool would report it:
console.log("as MLPerf:", (summarize(run, { definition: "mlperf" }).ttft.p(50) * 1000).toFixed(1), "ms");
