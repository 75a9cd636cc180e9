/** How far the step model itself may be off at a load: a smooth error of the logarithm, alike at loads that are alike. */
import { exp, log } from "../numeric.ts";
import type { CalibrationMetric, Load } from "./types.ts";

/**
 * Kennedy and O'Hagan's model discrepancy ("Bayesian calibration of computer models", 2001): a Gaussian process over
 * ln(prompt), ln(output) and ln(load). `sd` is how far the fitted model is off over a deployment's loads, `noise` what
 * repeating a point changes, both in log units; lengths are in e-folds. Chosen over all deployments of
 * tests/accuracy/measured at once.
 */
export const discrepancy: {
  readonly sd: Readonly<Record<CalibrationMetric, number>>;
  readonly noise: Readonly<Record<CalibrationMetric, number>>;
  readonly lengths: { readonly prompt: number; readonly output: number; readonly load: number };
} = {
  sd: { ttft: 0.3, tpot: 0.12, outputTokensPerSecond: 0.12 },
  noise: { ttft: 0.05, tpot: 0.02, outputTokensPerSecond: 0.02 },
  lengths: { prompt: 1.5, output: 2, load: 1.5 },
};

/** Covariance of the model's error on `metric` at two loads. */
export function covariance(metric: CalibrationMetric, a: Load, b: Load): number {
  const { lengths, sd } = discrepancy;
  const apart = (x: number, y: number, length: number): number => ((log(x) - log(y)) / length) ** 2;
  const loadOf = (load: Load): number => load.concurrency ?? load.rate!;
  // Closed and open loops err each in their own way.
  if ((a.rate === undefined) !== (b.rate === undefined)) return 0;
  const distance =
    apart(a.prompt, b.prompt, lengths.prompt) +
    apart(a.output, b.output, lengths.output) +
    apart(loadOf(a), loadOf(b), lengths.load);
  return sd[metric] ** 2 * exp(-distance / 2);
}
