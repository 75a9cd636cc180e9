import { chart, decodeStep } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const batches = [1, 8, 64];
const contexts = [512, 2048, 8192];
chart.heatmap({
  title: "A step by batch and context",
  x: { label: "Sequences", values: batches },
  y: { label: "Context", unit: "tokens", values: contexts },
  z: { label: "Step", unit: "s" },
  values: contexts.flatMap((context) => batches.map((batch) => decodeStep(server, { batch, context }).seconds)),
});
