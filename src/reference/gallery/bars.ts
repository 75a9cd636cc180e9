import { chart, decodeStep } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const batches = [1, 16, 64];
chart.bars({
  title: "Tokens a second, all users together",
  y: { label: "Throughput", unit: "tok/s" },
  categories: batches.map((batch) => (batch === 1 ? "1 user" : `${batch} users`)),
  series: [
    { name: "decode", values: batches.map((batch) => batch / decodeStep(server, { batch, context: 512 }).seconds) },
  ],
});
