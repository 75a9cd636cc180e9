import { compare, fixed, poisson, simulate } from "perflab";

const workload = { arrivals: poisson(8), prompt: fixed(512), output: fixed(64), requests: 400 };
const bf16 = simulate({ model: "llama-3.1-8b", gpu: "h100-sxm-80" }, workload);
const fp8 = simulate({ model: "llama-3.1-8b", gpu: "h100-sxm-80", weights: "fp8" }, workload);
const { rows, changed } = compare(bf16, fp8);
for (const { metric, a, b } of rows.slice(0, 4)) console.log(metric, a.toPrecision(3), "→", b.toPrecision(3));
console.log("changed:", changed.includes("ttft mean"));
