import { pareto } from "perflab";

const points = pareto({ model: "llama-3.1-8b", gpu: "h100-sxm-80" }, { prompt: 1024, output: 128 });
for (const { concurrency, perUser, perGpu } of points.slice(0, 4))
  console.log(concurrency, perUser.toFixed(0), "tokens/s a user,", perGpu.toFixed(0), "a GPU");
