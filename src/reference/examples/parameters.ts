import { decodeStep, parameters } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
for (const set of [parameters.ideal, parameters.fitted]) {
  const { seconds } = decodeStep({ ...server, parameters: set }, { batch: 1, context: 512 });
  console.log(set.name, (seconds * 1000).toFixed(2), "ms a step");
}
