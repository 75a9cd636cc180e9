import { closed, fixed, simulate } from "perflab";

const workload = { arrivals: closed(4), prompt: fixed(200), output: fixed(50), requests: 40 };
const run = simulate({ model: "llama-3.1-8b", gpu: "h100-sxm-80" }, workload);
console.log(run.requests.count, "requests from four users who each wait for their answer");
