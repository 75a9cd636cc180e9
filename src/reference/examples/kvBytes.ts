import { kvBytes, model } from "perflab";

console.log((kvBytes(model("llama-3.1-8b"), 8192) / 1e9).toFixed(2), "GB of cache for 8,192 tokens");
