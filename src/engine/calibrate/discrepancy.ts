/** How far the step model itself may be off at a load: a smooth error of the logarithm, alike at loads that are alike. */
import { exp, log } from "../numeric.ts";
import type { CalibrationMetric, Load } from "./types.ts";

/**
 * Kennedy and O'Hagan's model discrepancy ("Bayesian calibration of computer models", 2001): a Gaussian process over
 * ln(prompt), ln(output) and ln(load), with a trend. `sd` is how far the fitted model is off over a deployment's loads, `noise`
 * what repeating a point changes, both in log units; `trend` is the share of `sd` by which the error may drift an e-fold, so that
 * it grows without end away from what was measured; lengths are in e-folds. Chosen over all deployments of
 * tests/accuracy/measured at once.
 */
export const discrepancy: {
  readonly sd: Readonly<Record<CalibrationMetric, number>>;
  readonly noise: Readonly<Record<CalibrationMetric, number>>;
  readonly trend: number;
  readonly lengths: { readonly prompt: number; readonly output: number; readonly load: number };
} = {
  sd: { ttft: 0.3, tpot: 0.08, outputTokensPerSecond: 0.08 },
  noise: { ttft: 0.05, tpot: 0.02, outputTokensPerSecond: 0.02 },
  trend: 0.3,
  lengths: { prompt: 1.5, output: 2, load: 1.5 },
};

/** Where the trend has its pivot: a usual request under a usual load. */
const pivot = { prompt: 1024, output: 256, load: 16 } as const;

/** Covariance of the model's error on `metric` at two loads. */
export function covariance(metric: CalibrationMetric, a: Load, b: Load): number {
  // Closed and open loops err each in their own way.
  if ((a.rate === undefined) !== (b.rate === undefined)) return 0;
  const { lengths, sd, trend } = discrepancy;
  let distance = 0;
  let drift = 0;
  for (const axis of ["prompt", "output", "load"] as const) {
    const x = along(axis, a);
    const y = along(axis, b);
    distance += ((x - y) / lengths[axis]) ** 2;
    drift += (x - log(pivot[axis])) * (y - log(pivot[axis]));
  }
  return sd[metric] ** 2 * (exp(-distance / 2) + trend ** 2 * drift);
}

function along(axis: keyof typeof pivot, load: Load): number {
  return log(axis === "load" ? (load.concurrency ?? load.rate!) : load[axis]);
}
