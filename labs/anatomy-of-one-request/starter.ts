import { chart, decodeStep, param, prefillStep, type Server } from "perflab";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const rtt = param("rtt") / 1000;

/** Seconds, for one request that finds `ahead` prompts of 2,000 tokens in the queue, read one after the other before its own. */
export function anatomy(promptTokens: number, outputTokens: number, network: number, ahead = 0) {
  const prefill = prefillStep(server, { tokens: promptTokens }).seconds;
  const queue = 0 * ahead; // How long do the others take?
  // The context grows by one with each token, so the mean step is the one half-way.
  const tpot = decodeStep(server, { batch: 1, context: promptTokens + outputTokens / 2 }).seconds;
  const ttft = network + queue + prefill;
  const e2e = ttft + outputTokens * tpot; // Is that so?
  return { network, queue, prefill, decode: e2e - ttft, ttft, tpot, e2e };
}

/** By which share of the exact end-to-end time is TTFT + N · TPOT too large? */
export function conventionGap(ttft: number, tpot: number, n: number): number {
  return 0; // Yours to write.
}

const ahead = param("ahead");
const reader = anatomy(2000, 50, rtt, ahead); // reads much, says little
const writer = anatomy(50, 2000, rtt, ahead); // reads little, says much
export const writerVersusReader = anatomy(50, 2000, rtt).e2e / anatomy(2000, 50, rtt).e2e;

const names = ["2,000 in, 50 out", "50 in, 2,000 out"];
chart.bars({
  title: "Where the time of one request goes",
  y: { label: "Time", unit: "s" },
  categories: names,
  stacked: true,
  series: [
    { name: "network", values: [reader.network, writer.network] },
    { name: "queue", values: [reader.queue, writer.queue] },
    { name: "prefill", values: [reader.prefill, writer.prefill] },
    { name: "decode", values: [reader.decode, writer.decode] },
  ],
});

// When does each token arrive? Token k comes k − 1 decode steps after the first.
const arrivals = ({ ttft, tpot }: typeof reader, n: number) =>
  Array.from({ length: n }, (_, k) => ({ x: ttft + k * tpot, y: k + 1 }));
chart.line({
  title: "When each of the first 50 tokens arrives",
  x: { label: "Time since the request was sent", unit: "s" },
  y: { label: "Tokens received" },
  series: [
    { name: names[0], points: arrivals(reader, 50) },
    { name: names[1], points: arrivals(writer, 50) },
  ],
});

console.log(`${names[0]}: ${reader.e2e.toFixed(3)} s, ${names[1]}: ${writer.e2e.toFixed(3)} s`);
