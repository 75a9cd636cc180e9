import { decodeStep } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const { seconds, bound } = decodeStep(server, { batch: 64, context: 512 });
console.log((seconds * 1000).toFixed(2), "ms, bound by", bound);
