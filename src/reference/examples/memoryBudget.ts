import { memoryBudget } from "perflab";

const budget = memoryBudget({ model: "llama-3.1-8b", gpu: "h100-sxm-80" });
console.log((budget.weights / 1e9).toFixed(1), "GB weights,", (budget.kv / 1e9).toFixed(1), "GB for KV");
console.log(budget.maxSequences(4096), "sequences of 4,096 tokens at once");
