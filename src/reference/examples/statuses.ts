import { fixed, poisson, simulate, statuses } from "perflab";

const workload = { arrivals: poisson(5), prompt: fixed(200), output: fixed(20), requests: 20 };
const { requests } = simulate({ model: "llama-3.1-8b", gpu: "h100-sxm-80" }, workload);
console.log(statuses[requests.status[0]!]);
