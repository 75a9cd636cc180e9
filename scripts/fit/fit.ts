/** A robust maximum-a-posteriori fit: Levenberg–Marquardt on log errors, each row weighted so that groups count alike. */
import type { Case } from "../accuracy/case.ts";
import { predict } from "../accuracy/predict.ts";
import { cholesky, solve } from "../../src/engine/calibrate/linear.ts";
import { parametersAt, type Unknown } from "./plan.ts";

/** Errors below this count quadratically, larger ones linearly: medians are what is reported. */
const huber = 0.08;
/**
 * Spread that one group's rows are taken to have, against the priors: of .25, .4 and .7 the one that predicts left-out rows best.
 */
const noise = 0.4;
const largest = 3;

export interface Problem {
  readonly cases: readonly Case[];
  readonly unknowns: readonly Unknown[];
  readonly weights: Float64Array;
}

export interface Solution {
  readonly theta: Float64Array;
  readonly residuals: Float64Array;
  /** Row-major Jacobian of the residuals, and the rows' robust weights at the solution. */
  readonly jacobian: Float64Array;
  readonly robust: Float64Array;
}

/** Each (model, GPU, engine, metric) group weighs a little more the more rows it has, at most three times a single row. */
export function problemOf(cases: readonly Case[], unknowns: readonly Unknown[]): Problem {
  const sizes = new Map<string, number>();
  const key = (c: Case) => [c.model, c.gpu, c.engine, c.metric].join(" ");
  for (const c of cases) sizes.set(key(c), (sizes.get(key(c)) ?? 0) + 1);
  const weights = Float64Array.from(cases, (c) => {
    const n = sizes.get(key(c))!;
    return Math.min(3, n ** 0.35) / n;
  });
  return { cases, unknowns, weights };
}

/** ln(predicted ÷ measured), capped; 0 where nothing is predicted. */
export function residual(c: Case, p: ReturnType<typeof parametersAt>): number {
  const value = predict(c, p) / c.scale;
  if (!Number.isFinite(value) || value <= 0) return 0;
  return Math.max(-largest, Math.min(largest, Math.log(value / c.measured)));
}

/** Tries of a round, each with a smaller step: near a bound that constants share only a very small one gains. */
const tries = 14;

/** Minimises from the priors until a round gains next to nothing. */
export function fit(problem: Problem, rounds: number, log: (line: string) => void = () => undefined): Solution {
  let at = begin(problem, new Float64Array(problem.unknowns.length));
  let jacobian = jacobianAt(problem, at.theta, at.residuals);
  for (let round = 0; round < rounds; round++) {
    const next = improved(problem, at, jacobian);
    if (next.cost < at.cost) log(`round ${round + 1}: cost ${next.cost.toFixed(3)}`);
    const gain = (at.cost - next.cost) / at.cost;
    at = next;
    if (gain < 2e-5) break;
    jacobian = jacobianAt(problem, at.theta, at.residuals);
  }
  const { theta, residuals } = at;
  return { theta, residuals, jacobian, robust: robustWeights(residuals, problem.weights) };
}

/**
 * A refit without the rows of `left`: begins at the whole solution with its Jacobian, which is renewed once it gains little. Where no
 * round gains, which kinks of the cost can cause, the Newton step stands: rather too far than not at all.
 */
export function refit(problem: Problem, whole: Solution, left: readonly number[]): Float64Array {
  const rest = excluding(problem, left);
  const n = problem.unknowns.length;
  let jacobian: Float64Array = new Float64Array(rest.rows.length * n);
  rest.rows.forEach((i, k) => jacobian.set(whole.jacobian.subarray(i * n, (i + 1) * n), k * n));
  const start = begin(rest, whole.theta);
  let at = start;
  for (const fresh of [false, true]) {
    if (fresh) jacobian = jacobianAt(rest, at.theta, at.residuals);
    for (let round = 0, gain = 1; round < 6 && gain > 2e-4; round++) {
      const next = improved(rest, at, jacobian);
      gain = (at.cost - next.cost) / at.cost;
      at = next;
    }
  }
  return at === start ? without(problem, whole, left) : at.theta;
}

/**
 * The solution without the rows of `left`: one Newton step from the whole solution, with those rows taken out of Hessian and
 * gradient. Exact for a quadratic cost; the cost is close to one near its minimum.
 */
export function without(problem: Problem, solution: Solution, left: readonly number[]): Float64Array {
  const n = problem.unknowns.length;
  const robust = Float64Array.from(solution.robust);
  for (const i of left) robust[i] = 0;
  const { hessian, gradient } = normal(problem, solution.theta, solution.residuals, solution.jacobian, robust);
  const factor = cholesky(hessian, n);
  if (!factor) return solution.theta;
  const move = solve(factor, gradient, n);
  return Float64Array.from(solution.theta, (value, i) => value - Math.max(-1, Math.min(1, move[i]!)));
}

/** A point on the way of a fit. */
interface Point {
  readonly theta: Float64Array;
  readonly residuals: Float64Array;
  readonly cost: number;
  readonly damping: number;
}

function begin(problem: Problem, theta: Float64Array): Point {
  const residuals = residualsAt(problem, theta);
  return { theta, residuals, cost: costOf(problem, theta, residuals), damping: 1e-2 };
}

/** One round of Levenberg and Marquardt's method: the point itself where no try gains. */
function improved(problem: Problem, at: Point, jacobian: Float64Array): Point {
  const n = problem.unknowns.length;
  const robust = robustWeights(at.residuals, problem.weights);
  const { hessian, gradient } = normal(problem, at.theta, at.residuals, jacobian, robust);
  let { damping } = at;
  for (let k = 0; k < tries; k++, damping *= 6) {
    const damped = Float64Array.from(hessian);
    for (let i = 0; i < n; i++) damped[i * n + i]! *= 1 + damping;
    const factor = cholesky(damped, n);
    if (!factor) continue;
    const move = solve(factor, gradient, n);
    const theta = Float64Array.from(at.theta, (value, i) => value - Math.max(-0.5, Math.min(0.5, move[i]!)));
    const residuals = residualsAt(problem, theta);
    const cost = costOf(problem, theta, residuals);
    if (cost < at.cost) return { theta, residuals, cost, damping: Math.max(1e-4, damping / 5) };
  }
  return at;
}

/** The problem without the rows of `left`, and which rows of the whole it keeps. */
function excluding(problem: Problem, left: readonly number[]): Problem & { readonly rows: readonly number[] } {
  const gone = new Set(left);
  const rows = problem.cases.map((_, i) => i).filter((i) => !gone.has(i));
  return {
    rows,
    cases: rows.map((i) => problem.cases[i]!),
    unknowns: problem.unknowns,
    weights: Float64Array.from(rows, (i) => problem.weights[i]!),
  };
}

/** The solution that a point already found stands for. */
export function solutionAt(problem: Problem, theta: Float64Array): Solution {
  const { residuals } = begin(problem, theta);
  const jacobian = jacobianAt(problem, theta, residuals);
  return { theta, residuals, jacobian, robust: robustWeights(residuals, problem.weights) };
}

/** Posterior standard deviation of each unknown's own log value. */
export function spread(problem: Problem, solution: Solution): Float64Array {
  const n = problem.unknowns.length;
  const { hessian } = normal(problem, solution.theta, solution.residuals, solution.jacobian, solution.robust);
  const factor = cholesky(hessian, n);
  if (!factor) return new Float64Array(n);
  return Float64Array.from({ length: n }, (_, i) => {
    const unit = new Float64Array(n);
    unit[i] = 1;
    return Math.sqrt(solve(factor, unit, n)[i]!);
  });
}

function residualsAt(problem: Problem, theta: Float64Array): Float64Array {
  const p = parametersAt(problem.unknowns, theta);
  return Float64Array.from(problem.cases, (c) => residual(c, p));
}

/**
 * A family's own value and a key's deviation from it move a case's constant alike, so one difference per family serves both.
 * Backwards, so that a constant at its upper bound is looked at from below.
 */
function jacobianAt(problem: Problem, theta: Float64Array, residuals: Float64Array): Float64Array {
  const { cases, unknowns } = problem;
  const n = unknowns.length;
  const jacobian = new Float64Array(cases.length * n);
  const step = 0.02;
  unknowns.forEach((unknown, j) => {
    if (unknown.base !== undefined) return;
    const moved = Float64Array.from(theta);
    moved[j]! -= step;
    const p = parametersAt(unknowns, moved);
    const keys = unknowns.flatMap((_, k) => (k !== j && rootOf(unknowns, k) === j ? [k] : []));
    cases.forEach((c, i) => {
      if (!unknown.affects(c)) return;
      const slope = (residuals[i]! - residual(c, p)) / step;
      if (slope === 0) return;
      jacobian[i * n + j] = slope;
      for (const k of keys) if (unknowns[k]!.affects(c)) jacobian[i * n + k] = slope;
    });
  });
  return jacobian;
}

/** The family's own value that an unknown deviates from in the end. */
function rootOf(unknowns: readonly Unknown[], k: number): number {
  const { base } = unknowns[k]!;
  return base === undefined ? k : rootOf(unknowns, base);
}

function robustWeights(residuals: Float64Array, weights: Float64Array): Float64Array {
  return Float64Array.from(residuals, (r, i) => (weights[i]! * huber) / Math.max(huber, Math.abs(r)) / (huber * noise));
}

function normal(
  problem: Problem,
  theta: Float64Array,
  residuals: Float64Array,
  jacobian: Float64Array,
  robust: Float64Array,
): { hessian: Float64Array; gradient: Float64Array } {
  const n = problem.unknowns.length;
  const hessian = new Float64Array(n * n);
  const gradient = new Float64Array(n);
  const active: number[] = [];
  for (let i = 0; i < residuals.length; i++) {
    const w = robust[i]!;
    if (w === 0) continue;
    active.length = 0;
    for (let j = 0; j < n; j++) if (jacobian[i * n + j] !== 0) active.push(j);
    for (const j of active) {
      const wj = w * jacobian[i * n + j]!;
      gradient[j]! += wj * residuals[i]!;
      for (const k of active) hessian[j * n + k]! += wj * jacobian[i * n + k]!;
    }
  }
  problem.unknowns.forEach((u, j) => {
    hessian[j * n + j]! += 1 / u.sd ** 2;
    gradient[j]! += theta[j]! / u.sd ** 2;
  });
  return { hessian, gradient };
}

function costOf(problem: Problem, theta: Float64Array, residuals: Float64Array): number {
  let cost = 0;
  residuals.forEach((r, i) => {
    const size = Math.abs(r);
    cost += (problem.weights[i]! * (size < huber ? (r * r) / 2 : huber * (size - huber / 2))) / (huber * noise);
  });
  problem.unknowns.forEach((u, j) => (cost += (theta[j]! / u.sd) ** 2 / 2));
  return cost;
}
