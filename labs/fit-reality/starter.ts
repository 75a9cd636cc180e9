import { chart, param } from "perflab";
import { machineOf, measure, type Machine } from "./measure.ts";
import { withBf16Cache, withFp8Cache, type Measurement } from "./published.ts";

/** Tokens per second for one user, if decode takes what it moves ÷ what share `e` of the bandwidth moves. */
export function predict(m: Machine, e: number, context: number, cacheBytes = 2): number {
  const bytes = m.weights; // Is that all a step reads? cacheBytes is the size of a cached number; kvPerToken is for 2.
  return (m.bandwidth * e) / bytes;
}

/** The largest miss of `predict` over all measurements, as a share of what was measured: 0.03 is 3 %. */
export function worstMiss(m: Machine, e: number, measured: readonly Measurement[]): number {
  const { context, tokensPerSecond } = measured[0];
  return Math.abs(predict(m, e, context) / tokensPerSecond - 1); // The largest of all?
}

/** The efficiency between 0 and 1 whose worst miss is the smallest, to three digits. */
export function fit(m: Machine, measured: readonly Measurement[]): number {
  return 1; // Yours to write.
}

/** How many times as fast decode is with a cache in fp8. */
export function fp8Gain(m: Machine, context: number): number {
  return 2; // Half the bytes, so twice the speed? Yours to put right.
}

const l4 = machineOf("qwen3-4b", "l4");
const e = param("e") / 100;
const contexts = [512, 1024, 2048, 4096, 8192, 16384, 24576, 32768];

const dots = (rows: readonly Measurement[]) => rows.map((row) => ({ x: row.context, y: row.tokensPerSecond }));
chart.line({
  title: "Qwen3-4B on an L4, one user",
  x: { label: "Context", unit: "tokens" },
  y: { label: "Speed", unit: "tok/s" },
  series: [
    { name: "measured by vLLM", points: dots(withBf16Cache) },
    { name: `bytes ÷ bandwidth, at ${param("e")} %`, points: contexts.map((x) => ({ x, y: predict(l4, e, x) })) },
  ],
});
chart.bars({
  title: "By how much it misses",
  y: { label: "Prediction ÷ measurement − 1", unit: "%" },
  categories: withBf16Cache.map(({ context }) => `${context} tokens`),
  series: [
    {
      name: `at ${param("e")} %`,
      values: withBf16Cache.map((row) => 100 * (predict(l4, e, row.context) / row.tokensPerSecond - 1)),
    },
  ],
});
chart.line({
  title: "What a cache in fp8 gains",
  x: { label: "Context", unit: "tokens" },
  y: { label: "Speed with fp8 ÷ speed with bf16" },
  series: [
    { name: "predicted", points: contexts.map((x) => ({ x, y: fp8Gain(l4, x) })) },
    {
      name: "measured by vLLM",
      points: withFp8Cache.map((row, k) => ({
        x: row.context,
        y: row.tokensPerSecond / withBf16Cache[k].tokensPerSecond,
      })),
    },
  ],
});

const best = fit(l4, withBf16Cache);
console.log(
  `Best: ${best.toFixed(3)}, which misses by ${(100 * worstMiss(l4, best, withBf16Cache)).toFixed(1)} % at worst.`,
);

// The same for the target you chose. On an endpoint, write in which model runs there, and on which GPU.
export const yours = machineOf("qwen3-4b", "l4");
const own = await measure(param("longest"));
export const ownEfficiency = own.length > 0 ? fit(yours, own) : NaN;
if (own.length > 0) {
  const percent = (100 * ownEfficiency).toFixed(1);
  chart.line({
    title: "The target you chose",
    x: { label: "Context", unit: "tokens" },
    y: { label: "Speed", unit: "tok/s" },
    series: [
      { name: "measured just now", points: dots(own) },
      {
        name: `at ${percent} %`,
        points: own.map(({ context }) => ({ x: context, y: predict(yours, ownEfficiency, context) })),
      },
    ],
  });
  const miss = (100 * worstMiss(yours, ownEfficiency, own)).toFixed(1);
  console.log(`This target reaches ${percent} % of its bandwidth; the model misses by ${miss} % at worst.`);
} else console.warn("The target answered none of the requests. Try a shorter longest prompt.");

export const gainAt32k = fp8Gain(l4, 32768);
