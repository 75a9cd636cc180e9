import { chart, param } from "perflab";
import { answers, caps, published, secondsToServe } from "./burst.ts";

/** Tokens that a static batch computes for each request: no row leaves before the longest answer of its batch is done. */
export function rowSteps(outputs: readonly number[], slots: number): number[] {
  return [...outputs]; // Is a slot free as soon as its answer is done?
}

/** Share of the tokens computed by static batches that somebody wanted, 0 to 1. */
export function slotUse(outputs: readonly number[], slots: number): number {
  return 1; // Yours to write.
}

/** How many times as fast continuous batching serves a burst. The two schedulers may have different numbers of slots. */
export function factor(outputs: readonly number[], staticSlots: number, continuousSlots: number): number {
  const slow = secondsToServe(outputs, "static", staticSlots); // What does a static server compute?
  return slow / secondsToServe(outputs, "continuous", continuousSlots);
}

/** A published factor as a product: of scheduling at 32 slots, of going on to 256, and of everything that is neither. */
export function split(total: number, outputs: readonly number[]) {
  return { scheduling: total, slots: 1, rest: 1 }; // Yours to write.
}

const burst = 5; // its factors are near the means of a dozen bursts
const cap = param("cap");
const slots = param("slots");
const batch = answers(cap, burst, 8);
chart.bars({
  title: "One static batch of eight",
  y: { label: "Tokens computed" },
  categories: batch.map((_, i) => `slot ${i + 1}`),
  series: [
    { name: "wanted", values: batch },
    { name: "nobody's", values: rowSteps(batch, 8).map((steps, i) => steps - batch[i]) },
  ],
  stacked: true,
});
console.log(
  `Slots in use: ${(100 * slotUse(answers(cap, burst), 8)).toFixed(0)} % with 8, ${(100 * slotUse(answers(cap, burst), 32)).toFixed(0)} % with 32.`,
);

chart.line({
  title: "What the scheduler is worth",
  x: { label: "Longest answer let through", unit: "tokens", scale: "log" },
  y: { label: "Continuous ÷ static throughput" },
  series: [...new Set([32, slots])].map((count) => ({
    name: `${count} slots, static 32`,
    points: caps.map((x) => ({ x, y: factor(answers(x, burst), 32, count) })),
  })),
});

const widest = split(published.vllm, answers(1536, burst));
chart.bars({
  title: "Where 23 times comes from",
  y: { label: "Factor over naive static batching" },
  categories: ["scheduling", "more slots", "neither of them"],
  series: [{ name: "published total 23", values: [widest.scheduling, widest.slots, widest.rest] }],
});

// For the prediction, whatever the controls say.
export const gain = factor(answers(1536, burst), 32, 32);
