/** The most probable parameters for a handful of measurements, and what they and the model's own error say about other loads. */
import { exp, log } from "../numeric.ts";
import type { Ranged } from "../metrics/types.ts";
import type { RooflineParameters } from "../step/roofline.ts";
import type { Curve } from "./curve.ts";
import { covariance, discrepancy } from "./discrepancy.ts";
import { cholesky, solve } from "./linear.ts";
import type { Observation } from "./observation.ts";
import { calibrationMetrics, type CalibrationMetric } from "./types.ts";
import { parametersAt, type Unknown } from "./unknowns.ts";

export interface Problem {
  readonly curve: Curve;
  /** What the unknowns' priors come from. */
  readonly start: RooflineParameters;
  readonly unknowns: readonly Unknown[];
  readonly observations: readonly Observation[];
}

/** One measured number. */
interface Datum {
  readonly at: Observation;
  /** Index of `at`. */
  readonly point: number;
  readonly metric: CalibrationMetric;
  /** Its logarithm. */
  readonly y: number;
}

export interface Residual {
  /** Index of its observation. */
  readonly point: number;
  readonly metric: CalibrationMetric;
  readonly measured: number;
  readonly model: number;
  readonly moves: readonly number[];
}

export interface Fit {
  readonly theta: Float64Array;
  /** Standard deviations of θ after the measurements. */
  readonly sd: Float64Array;
  /** How much of each prior's standard deviation the measurements leave: 1 where they say nothing. */
  readonly left: Float64Array;
  /** ≥ 1: how much more the points contradict the model than was expected, as a variance. */
  readonly surprise: number;
  /** Of θ after the measurements, row-major. */
  readonly covariance: Float64Array;
  /** Every measured number beside what the fitted parameters alone say, and how the logarithm of that moves with each θ. */
  readonly residuals: readonly Residual[];
  /** What the fitted parameters alone say, without the correction by what neighbours in load were off. */
  model(at: Pick<Observation, "load" | "cached" | "ingress">, metric: CalibrationMetric): number;
  predict(at: Pick<Observation, "load" | "cached" | "ingress">, metric: CalibrationMetric): Ranged;
}

const rounds = 40;
const difference = 1e-3;
/** Two-sided 95 % of a Student t with as many degrees of freedom as the fewest points have. */
const wide = 2.57;

/**
 * Minimises rᵀΣ⁻¹r + Σ(θ/sd)² by Levenberg–Marquardt, with r the log errors and Σ noise plus model discrepancy; then kriging with
 * the linearised model as its mean (Rasmussen & Williams 2006, §2.7). Where the points contradict the model by more than Σ
 * expects, intervals widen by that (Birge's ratio).
 */
export function fit(problem: Problem, onRound: (round: number, most: number) => void = () => {}): Fit {
  const { unknowns } = problem;
  const k = unknowns.length;
  const data = dataOf(problem.observations);
  const n = data.length;
  const sigma = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      sigma[i * n + j] =
        (data[i]!.metric === data[j]!.metric ? covariance(data[i]!.metric, data[i]!.at.load, data[j]!.at.load) : 0) +
        (i === j ? discrepancy.noise[data[i]!.metric] ** 2 : 0);
  const factor = cholesky(sigma, n)!;

  const logAt = (theta: Float64Array) => {
    const p = parametersAt(problem.start, unknowns, theta, "");
    return (at: Datum["at"], metric: CalibrationMetric): number => finiteLog(problem.curve(p, at)[metric]);
  };
  const errorsAt = (theta: Float64Array): Float64Array => {
    const value = logAt(theta);
    return Float64Array.from(data, ({ at, metric, y }) => y - value(at, metric));
  };
  const slopes = (theta: Float64Array, of: (t: Float64Array) => Float64Array): Float64Array[] =>
    unknowns.map((_, j) => {
      const up = Float64Array.from(theta);
      const down = Float64Array.from(theta);
      up[j]! += difference;
      down[j]! -= difference;
      const high = of(up);
      const low = of(down);
      return high.map((value, i) => (value - low[i]!) / (2 * difference));
    });
  const costOf = (theta: Float64Array, errors: Float64Array): number =>
    dot(errors, solve(factor, errors, n)) + theta.reduce((sum, t, j) => sum + (t / unknowns[j]!.sd) ** 2, 0);

  let theta = new Float64Array(k);
  let errors = errorsAt(theta);
  let cost = costOf(theta, errors);
  let damping = 1e-2;
  for (let round = 0; round < rounds; round++) {
    onRound(round, rounds);
    const { hessian, gradient } = normal(theta, errors);
    let gain = 0;
    for (let attempt = 0; attempt < 8 && gain === 0; attempt++) {
      const damped = Float64Array.from(hessian);
      for (let j = 0; j < k; j++) damped[j * k + j]! *= 1 + damping;
      const step = solve(cholesky(damped, k)!, gradient, k);
      const next = theta.map((t, j) => within(t + step[j]!, unknowns[j]!));
      const nextErrors = errorsAt(next);
      const nextCost = costOf(next, nextErrors);
      if (nextCost < cost) {
        gain = cost - nextCost;
        theta = next;
        errors = nextErrors;
        cost = nextCost;
        damping = Math.max(1e-6, damping / 4);
      } else damping *= 6;
    }
    if (gain < 1e-7 * (1 + cost)) break;
  }

  /** Gauss–Newton's normal equations; `jacobian` holds one column a parameter, of the predicted logarithms. */
  function normal(at: Float64Array, errors: Float64Array) {
    const jacobian = slopes(at, (t) => errorsAt(t).map((e) => -e));
    const weighted = jacobian.map((column) => solve(factor, column, n));
    const hessian = new Float64Array(k * k);
    const gradient = new Float64Array(k);
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) hessian[i * k + j] = dot(jacobian[i]!, weighted[j]!);
      const precision = 1 / unknowns[i]!.sd ** 2;
      hessian[i * k + i]! += precision;
      gradient[i] = dot(weighted[i]!, errors) - at[i]! * precision;
    }
    return { jacobian, hessian, gradient };
  }

  const { jacobian, hessian } = normal(theta, errors);
  const posterior = cholesky(hessian, k)!;
  const birge = Math.max(1, cost / n);
  const weightedErrors = solve(factor, errors, n);
  const ofTheta = new Float64Array(k * k);
  for (let j = 0; j < k; j++) {
    const unit = new Float64Array(k);
    unit[j] = 1;
    ofTheta.set(solve(posterior, unit, k), j * k);
  }
  const left = Float64Array.from(unknowns, (unknown, j) => Math.min(1, Math.sqrt(ofTheta[j * k + j]!) / unknown.sd));
  const sd = left.map((share, j) => unknowns[j]!.sd * Math.min(1, share * Math.sqrt(birge)));
  return {
    theta,
    sd,
    left,
    surprise: birge,
    covariance: ofTheta,
    residuals: data.map(({ point, metric, y }, i) => ({
      point,
      metric,
      measured: exp(y),
      model: exp(y - errors[i]!),
      moves: jacobian.map((column) => column[i]!),
    })),
    model: (at, metric) => exp(logAt(theta)({ measured: {}, ...at }, metric)),
    predict(at, metric) {
      const observation = { measured: {}, ...at };
      const near = Float64Array.from(data, (d) => (d.metric === metric ? covariance(metric, d.at.load, at.load) : 0));
      const pull = solve(factor, near, n);
      const slope = slopes(theta, (t) => Float64Array.of(logAt(t)(observation, metric))).map(
        (column, j) => column[0]! - dot(pull, jacobian[j]!),
      );
      const centre = logAt(theta)(observation, metric) + dot(near, weightedErrors);
      const own = covariance(metric, at.load, at.load) - dot(near, pull);
      const g = Float64Array.from(slope);
      const variance = Math.max(0, own) + dot(g, solve(posterior, g, k)) + discrepancy.noise[metric] ** 2;
      const reach = wide * Math.sqrt(birge * variance);
      return { value: exp(centre), low: exp(centre - reach), high: exp(centre + reach) };
    },
  };
}

function dataOf(observations: readonly Observation[]): Datum[] {
  return observations.flatMap((at, point) =>
    calibrationMetrics.flatMap((metric) => {
      const value = at.measured[metric];
      return value === undefined ? [] : [{ at, point, metric, y: log(value) }];
    }),
  );
}

/** θ within the bounds of its value. */
function within(theta: number, { prior, low, high }: Unknown): number {
  return Math.min(log(high / prior), Math.max(log(low / prior), theta));
}

/** A queue without end counts as an hour's. */
function finiteLog(value: number): number {
  return log(Number.isFinite(value) ? Math.max(1e-9, value) : 3600);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
