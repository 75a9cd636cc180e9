import { chart, param, price, type ApiPrice } from "perflab";

/** Tokens of one request. `input` counts the whole prompt; `cached` and `cacheWrite` are parts of it. */
interface Tokens {
  input: number;
  cached?: number;
  cacheWrite?: number;
  output: number;
}

/** What one request costs, USD. Prices are USD per token. */
export function requestCost(price: ApiPrice, tokens: Tokens) {
  const { input, output } = tokens;
  return {
    input: input * price.input, // all of it?
    cached: 0,
    cacheWrite: 0,
    output: output * price.output,
  };
}

/** The fewest calls with the same prompt that make caching it cheaper. Prices as multiples of the input price. */
export function callsToPayOff(write: number, read: number): number {
  return 1; // Yours to write.
}

/** Yours to change. */
const features = [
  { name: "Chat", requestsPerDay: 50_000, tokens: { input: 2000, cached: 1500, output: 300 } },
  { name: "Retrieval", requestsPerDay: 20_000, tokens: { input: 6000, output: 250 } },
  { name: "Agent", requestsPerDay: 60_000, tokens: { input: 8000, cached: 7200, cacheWrite: 700, output: 200 } },
];
const kinds = ["input", "cached", "cacheWrite", "output"] as const;
const names = { input: "new input", cached: "cache read", cacheWrite: "cache write", output: "output" };
const model = param<string>("model");

const monthly = (feature: (typeof features)[number], on: string, kind: (typeof kinds)[number]) =>
  30 * feature.requestsPerDay * requestCost(price(model, on), feature.tokens)[kind];

const today = param<string>("on");
chart.bars({
  title: `What each feature costs a month with ${model}, prices of ${today}`,
  y: { label: "Cost of 30 days", unit: "USD" },
  categories: features.map(({ name }) => name),
  stacked: true,
  series: kinds.map((kind) => ({
    name: names[kind],
    values: features.map((feature) => monthly(feature, today, kind)),
  })),
});
const dates = ["2026-07-01", "2026-08-05", "2026-09-02"];
chart.bars({
  title: `The same month of chat with ${model}, by date of the price list`,
  y: { label: "Cost of 30 days", unit: "USD" },
  categories: dates,
  stacked: true,
  series: kinds.map((kind) => ({ name: names[kind], values: dates.map((on) => monthly(features[0], on, kind)) })),
});

for (const feature of features) {
  const total = kinds.reduce((sum, kind) => sum + monthly(feature, today, kind), 0);
  const share = (100 * monthly(feature, today, "output")) / total;
  console.log(`${feature.name}: $${total.toFixed(0)} a month, ${share.toFixed(0)} % of it for output.`);
}

const call = requestCost(price("claude-sonnet-5", "2026-09-02"), { input: 8000, output: 200 });
export const agentOutputShare = (100 * call.output) / (call.input + call.output);
