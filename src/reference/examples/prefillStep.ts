import { prefillStep } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const { seconds, bound } = prefillStep(server, { tokens: 2048 });
console.log((seconds * 1000).toFixed(1), "ms, bound by", bound);
