import { fingerprint, fixed, poisson, simulate } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const workload = { arrivals: poisson(5), prompt: fixed(200), output: fixed(20), requests: 20, seed: 3 };
console.log(fingerprint(simulate(server, workload)) === fingerprint(simulate(server, workload)));
