import { chart, lognormal, param, percentile, sample, seed } from "perflab";

/**
 * Places, counted from 1, of the two values of a sorted sample of n that enclose the true q-th percentile 19 times in 20.
 * null where the sample is too small to have them.
 */
export function ranks(n: number, q: number): [number, number] | null {
  const p = q / 100;
  const give = 1.96 * Math.sqrt(n * p * (1 - p));
  const low = Math.floor(n * p - give);
  const high = Math.ceil(n * p + give);
  return low < 1 || high > n ? null : [low, high];
}

/** The values at those places; null where there are none. */
export function interval(values: readonly number[], q: number): [number, number] | null {
  const places = ranks(values.length, q);
  if (places === null) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[places[0] - 1], sorted[places[1] - 1]];
}

/** Which sample has the lower q-th percentile, if that can be told. */
export function verdict(a: readonly number[], b: readonly number[], q: number): "A" | "B" | "can't tell" {
  const [ofA, ofB] = [interval(a, q), interval(b, q)];
  if (ofA === null || ofB === null) return "can't tell";
  if (ofA[1] < ofB[0]) return "A";
  return ofB[1] < ofA[0] ? "B" : "can't tell";
}

/** Requests for a percentile to be within ±width, if n of them gave ±measured. */
export function requestsFor(width: number, n: number, measured: number): number {
  return Math.ceil(n * (measured / width) ** 2);
}

const sizes = [100, 300, 1000, 3000, 8000];
/** As many runs of n requests to one server, whose latencies have a median of 500 ms. */
const runsOf = (n: number, sigma: number, from: number, repeats: number): number[][] =>
  Array.from({ length: repeats }, (_, i) => {
    const microseconds = sample(lognormal({ median: 500_000, sigma }), n, from + i);
    return Array.from(microseconds, (us) => us / 1e6);
  });
/** The p99 that a run without end would have. */
const trueP99 = (sigma: number) => 0.5 * Math.exp(2.3263 * sigma);
/** Half of the span that nine in ten of the runs' p99s lie in, as a share of the true one. */
const spread = (p99s: readonly number[], sigma: number) =>
  (percentile(p99s, 95) - percentile(p99s, 5)) / 2 / trueP99(sigma);

const sigma = param("sigma");
const difference = 1 + param("difference") / 100;
const funnel = sizes.map((n, k) => {
  const repeats = n < 1000 ? 60 : n < 5000 ? 40 : 16;
  const runs = runsOf(n, sigma, seed + 1000 * k, repeats);
  const p99s = runs.map((values) => percentile(values, 99));
  const pairs = runs.map((values, i) => [values, runs[(i + 1) % repeats]] as const);
  const apart = p99s.filter((p99, i) => {
    const next = p99s[(i + 1) % repeats];
    return Math.max(p99, next) / Math.min(p99, next) >= difference;
  }).length;
  const told = pairs.filter(([a, b]) => verdict(a, b, 99) !== "can't tell").length;
  return { n, p99s, apart: apart / repeats, told: told / repeats };
});
chart.line({
  title: "How far the p99 of a sample is off",
  x: { label: "Requests in the sample", scale: "log" },
  y: { label: "Its p99 ÷ the true p99" },
  series: [
    {
      name: "one run in twenty is above",
      points: funnel.map(({ n, p99s }) => ({ x: n, y: percentile(p99s, 95) / trueP99(sigma) })),
    },
    {
      name: "one run in twenty is below",
      points: funnel.map(({ n, p99s }) => ({ x: n, y: percentile(p99s, 5) / trueP99(sigma) })),
    },
  ],
  marks: [{ y: 1, label: "true" }],
});
chart.bars({
  title: "How often two equal servers seem to differ",
  y: { label: "Of all pairs of runs", unit: "%" },
  categories: sizes.map((n) => `${n.toLocaleString("en-GB")} requests`),
  series: [
    { name: `their p99s differ by ${param("difference")} % or more`, values: funnel.map(({ apart }) => 100 * apart) },
    { name: "verdict says that one is lower", values: funnel.map(({ told }) => 100 * told) },
  ],
});
const [mine] = runsOf(param("n"), sigma, seed + 9000, 1);
const around = interval(mine, 99);
console.log(
  `${mine.length} requests: p99 ${(percentile(mine, 99) * 1000).toFixed(0)} ms, ` +
    (around === null
      ? "and too few of them to bound it from above."
      : `between ${(around[0] * 1000).toFixed(0)} and ${(around[1] * 1000).toFixed(0)} ms.`),
);

// For the prediction: σ = 0.6 and many runs of 1,000 requests, whatever the controls say.
const thousands = runsOf(1000, 0.6, 30_000, 100);
export const needed = requestsFor(
  0.05,
  1000,
  spread(
    thousands.map((values) => percentile(values, 99)),
    0.6,
  ),
);
