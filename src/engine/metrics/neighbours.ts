/** How far a sum can be off when its terms depend on their neighbours, as requests in one queue or one batch do. */

/** More terms than this are first added up in groups of neighbours, so that a run of a million requests takes no longer. */
const MOST_TERMS = 20_000;

export interface SumError {
  /** Standard error of the sum. */
  readonly error: number;
  /** How many independent terms these are worth; at most their number. */
  readonly worth: number;
}

/**
 * `terms` in order of time, each less its expectation. Autocovariances up to `lag` places apart are added with falling
 * weights, and widened for how little is known of them; neighbours that cancel are not believed, so the error is never below that of independent terms.
 * Source: W. K. Newey and K. D. West, "A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent
 * covariance matrix", Econometrica 55, 1987.
 */
export function sumError(terms: ArrayLike<number>, lag: number): SumError {
  const size = Math.ceil(terms.length / MOST_TERMS);
  if (size > 1) return sumError(grouped(terms, size), Math.ceil(lag / size));
  const n = terms.length;
  let alone = 0;
  for (let i = 0; i < n; i++) alone += terms[i] * terms[i];
  let together = alone;
  for (let k = 1; k <= lag && k < n; k++) {
    let products = 0;
    for (let i = k; i < n; i++) products += terms[i] * terms[i - k];
    together += 2 * (1 - k / (lag + 1)) * products;
  }
  const variance = Math.max(alone, together * widening(Math.min(lag, n) / n) ** 2);
  return {
    error: Math.sqrt((variance * n) / Math.max(1, n - 1)),
    worth: variance > 0 ? (n * alone) / variance : n,
  };
}

/**
 * Autocovariances over a share of the run are themselves uncertain, and low: by how much an interval of 95 % has to be wider.
 * Source: N. M. Kiefer and T. J. Vogelsang, "A new asymptotic theory for HAC tests", Econometric Theory 21, 2005, table 1.
 */
function widening(share: number): number {
  return 1 + ((2.9694 + (0.416 - 0.5324 * share) * share) * share) / 1.96;
}

function grouped(terms: ArrayLike<number>, size: number): Float64Array {
  const sums = new Float64Array(Math.ceil(terms.length / size));
  for (let i = 0; i < terms.length; i++) sums[Math.floor(i / size)] += terms[i];
  return sums;
}

/** How far apart requests may still feel each other: twice those in flight together, and more than the root of their number. */
export function lagFor(requests: number, inFlight: number): number {
  return Math.min(Math.floor(requests / 3), Math.max(2 * inFlight, Math.ceil(1.5 * Math.sqrt(requests))));
}
