import { resolveServer } from "perflab";

const { scheduler, weights, engine } = resolveServer({ model: "llama-3.1-8b", gpu: "h100-sxm-80" });
console.log(weights, engine, scheduler.maxNumSeqs, scheduler.maxNumBatchedTokens);
