import { script, simulate, summarize } from "perflab";

const workload = script([
  { at: 0, prompt: 4000, output: 10 },
  { at: 0.01, prompt: 100, output: 10 },
]);
const run = simulate({ model: "llama-3.1-8b", gpu: "h100-sxm-80" }, workload);
console.log(summarize(run, { window: "all" }).succeeded, "answers");
