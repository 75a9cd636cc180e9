import { chart, decodeStep } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const batches = [1, 4, 16, 64, 256];
chart.line({
  title: "A step against its batch",
  x: { label: "Sequences in the batch", scale: "log" },
  y: { label: "Step", unit: "s" },
  series: [512, 8192].map((context) => ({
    name: `${context} tokens of context`,
    points: batches.map((batch) => ({ x: batch, y: decodeStep(server, { batch, context }).seconds })),
  })),
  marks: [{ y: 0.01, label: "promised" }],
});
