import { chart, decodeStep } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const batches = [1, 4, 16, 64, 256];
chart.line({
  title: "A step against its batch",
  x: { label: "sequences in the batch", scale: "log" },
  y: { label: "step", unit: "s" },
  series: [
    {
      name: "512 tokens of context",
      points: batches.map((batch) => ({ x: batch, y: decodeStep(server, { batch, context: 512 }).seconds })),
    },
  ],
});
