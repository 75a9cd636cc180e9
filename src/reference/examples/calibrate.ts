import { calibrate } from "perflab";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const points = [1, 4, 16, 32, 64].map((concurrency) => ({
  prompt: 512,
  output: 128,
  concurrency,
  tpot: 0.0068 + 0.00004 * concurrency,
}));
const twin = calibrate(server, points);
const { tpot } = twin.predict({ prompt: 512, output: 128, concurrency: 48 });
console.log(
  "TPOT at 48:",
  (tpot.value * 1000).toFixed(1),
  "ms, from",
  (tpot.low * 1000).toFixed(1),
  "to",
  (tpot.high * 1000).toFixed(1),
);
