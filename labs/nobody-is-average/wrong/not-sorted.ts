// must get: Put a copy of the values in order first
import { lognormal, sample } from "perflab";

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
  return values[rank - 1];
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

// For the prediction, worked out from the lengths alone: 99 % of a lognormal lies below median × e^(2.326 σ).
const longest = 200 * Math.exp(2.326 * 0.4);
export const ratioAtHalfSpread = timesOf([longest])[0] / timesOf([200])[0];
