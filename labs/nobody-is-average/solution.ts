import { chart, lognormal, param, sample, seed } from "perflab";

const ttft = 0.3; // s, always
const tpot = 0.02; // s, always

/** End-to-end seconds of answers of so many tokens each, from a server that never varies. */
function timesOf(tokens: ArrayLike<number>): number[] {
  return Array.from(tokens, (n) => ttft + (n - 1) * tpot);
}

function answers(sigma: number, n: number, seed: number) {
  return sample(lognormal({ median: 200, sigma }), n, seed); // tokens of n answers
}

/** The smallest of the values that at least q % of them do not exceed. */
export function nearestRank(values: number[], q: number): number {
  const rank = Math.max(1, Math.ceil((q / 100) * values.length));
  return Float64Array.from(values).sort()[rank - 1];
}

/** Indices of requests that the server held up. Seconds; every answer has at least two tokens. */
export function stalled(tokens: number[], e2e: number[], ttft: number): number[] {
  const perToken = tokens.map((n, i) => (e2e[i] - ttft) / (n - 1));
  const usual = nearestRank(perToken, 50);
  return perToken.flatMap((t, i) => (t > 1.5 * usual ? [i] : []));
}

export function tailRatio(sigma: number, n: number, seed: number): number {
  const times = timesOf(answers(sigma, n, seed));
  return nearestRank(times, 99) / nearestRank(times, 50);
}

const sigma = param("sigma");
const n = param("n");
const times = timesOf(answers(sigma, n, seed));
const mean = times.reduce((sum, t) => sum + t, 0) / times.length;

chart.ecdf({
  title: `End-to-end latency of ${n} requests to a server that never varies`,
  x: { label: "End-to-end latency", unit: "s" },
  samples: [{ name: `σ = ${sigma}`, values: times }],
  marks: [{ x: mean, label: "mean" }, ...[50, 95, 99].map((q) => ({ x: nearestRank(times, q), label: `p${q}` }))],
});
chart.scatter({
  title: "The same server, measured by 20 observers",
  x: { label: "Observer" },
  y: { label: "p99 that they report", unit: "s" },
  series: [
    {
      name: `p99 of ${n} requests`,
      points: Array.from({ length: 20 }, (_, k) => ({
        x: k + 1,
        y: nearestRank(timesOf(answers(sigma, n, seed + k)), 99),
      })),
    },
  ],
});

const faster = times.filter((t) => t < mean).length / times.length;
console.log(`${(100 * faster).toFixed(0)} % of the requests are faster than the mean of ${mean.toFixed(2)} s.`);

// For the prediction, worked out from the lengths alone: 99 % of a lognormal lies below median × e^(2.326 σ).
const longest = 200 * Math.exp(2.326 * 0.4);
export const ratioAtHalfSpread = timesOf([longest])[0] / timesOf([200])[0];
