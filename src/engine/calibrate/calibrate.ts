/** A digital twin: the step model fitted to a measured sweep of one server. */
import { InputError } from "../errors.ts";
import type { Ranged } from "../metrics/types.ts";
import { resolveServer } from "../resolve.ts";
import type { Run } from "../run.ts";
import type { Server } from "../server.ts";
import type { RooflineParameters } from "../step/roofline.ts";
import { curveOf } from "./curve.ts";
import { discrepancy } from "./discrepancy.ts";
import { evidenceOf, type Evidence } from "./evidence.ts";
import { exp } from "../numeric.ts";
import { fit, type Fit, type Problem } from "./fit.ts";
import { checkedLoad, observationOf, type Observation } from "./observation.ts";
import {
  calibrationMetrics,
  type Calibration,
  type CalibrationMetric,
  type HeldOut,
  type Load,
  type MeasuredPoint,
} from "./types.ts";
import { parametersAt, unknownsOf, valueAt, type Unknown } from "./unknowns.ts";

const fewest = 5;
/** A constant whose uncertainty shrank by less than this share is one that the points say nothing about. */
const learnt = 0.15;

/**
 * Fits a few bounded constants of the step model to at least five measured points, with `server.parameters` (default: the
 * fitted set) and its intervals as priors. Deterministic. Throws InputError for fewer points, for points it can't read and
 * for a frozen course set.
 */
export function calibrate(server: Server, points: readonly (Run | MeasuredPoint)[]): Calibration {
  if (!Array.isArray(points)) throw new InputError("points", points, `at least ${fewest} measured points`);
  return twinOf(
    server,
    points.map((point: Run | MeasuredPoint, i) => observationOf(point, i)),
  ).calibration;
}

/** A calibration with what shows how far to trust it. */
export interface Twin {
  readonly calibration: Calibration;
  readonly evidence: Evidence;
  /** What the fitted parameters alone say of a load, which is what `calibration.parameters` give elsewhere. */
  model(load: Load): Readonly<Record<CalibrationMetric, number>>;
  /** What was said of a load before the points. */
  before(load: Load): Readonly<Record<CalibrationMetric, number>>;
}

/** As `calibrate`. `onProgress`: 0 to 1. */
export function twinOf(
  server: Server,
  observations: readonly Observation[],
  onProgress: (share: number) => void = () => {},
): Twin {
  if (observations.length < fewest)
    throw new InputError("points", observations.length, `at least ${fewest} measured points`);
  const resolved = resolveServer(server);
  if (resolved.parameters["form"] !== "roofline")
    throw new InputError("server.parameters", resolved.parameters.name, 'a set of the form "roofline", such as fitted');
  const start = resolved.parameters as RooflineParameters;
  const unknowns = unknownsOf(resolved, start);
  const curve = curveOf(resolved);
  const problem = (of: readonly Observation[]): Problem => ({ curve, start, unknowns, observations: of });
  const whole = fit(problem(observations), (round, most) => onProgress((0.5 * round) / most));
  const without = heldOut(observations, (rest) =>
    fit(problem(rest), (round, most) => onProgress(0.5 + (0.5 * round) / most)),
  );

  const name = `${start.name}, calibrated for ${resolved.model.id} on ${resolved.gpu.id}`;
  const set = parametersAt(start, unknowns, whole.theta, name);
  const intervals = Object.fromEntries(unknowns.map((unknown, j) => [unknown.name, intervalOf(unknown, whole, j)]));
  const values = { ...set.values };
  for (const [key, range] of Object.entries(intervals)) values[key] = { ...values[key]!, ...range };
  const typical = observations[0]!;
  const at = (load: Load): Pick<Observation, "load" | "cached" | "ingress"> => {
    const checked = checkedLoad(load, "load");
    return { load: checked, cached: Math.min(typical.cached, checked.prompt - 1), ingress: typical.ingress };
  };
  const seen = new Set(observations.flatMap((o) => Object.keys(o.measured)));
  const calibration: Calibration = {
    parameters: { ...set, values, scatter: scatterOf(whole) },
    intervals,
    unidentifiable: unknowns.filter((_, j) => whole.left[j]! > 1 - learnt).map(({ name }) => name),
    heldOut: without,
    predict(load) {
      const there = at(load);
      const answer = Object.fromEntries(
        calibrationMetrics.map((metric) => [metric, whole.predict(there, metric)]),
      ) as Record<CalibrationMetric, Ranged>;
      if (!seen.has("outputTokensPerSecond") && there.load.concurrency !== undefined)
        answer.outputTokensPerSecond = little(there.load, answer);
      return answer;
    },
  };
  return {
    calibration,
    evidence: evidenceOf(
      whole,
      unknowns,
      learnt,
      (j) => intervals[unknowns[j]!.name]!,
      (j) => priorOf(unknowns[j]!),
    ),
    model: (load) => {
      const there = at(load);
      return Object.fromEntries(calibrationMetrics.map((metric) => [metric, whole.model(there, metric)])) as Record<
        CalibrationMetric,
        number
      >;
    },
    before: (load) => curve(start, at(load)),
  };
}

/** Two points, at a third and two thirds of the way through the loads in order of work, as the rest predict them. */
function heldOut(observations: readonly Observation[], fitTo: (rest: readonly Observation[]) => Fit): HeldOut[] {
  const order = spread(observations.map(({ load }) => load));
  const n = order.length;
  const out = new Set([order[Math.floor(n / 3)]!, order[Math.floor((2 * n) / 3)]!]);
  const fitted = fitTo(observations.filter((_, i) => !out.has(i)));
  return [...out].flatMap((i) => {
    const at = observations[i]!;
    return calibrationMetrics.flatMap((metric) => {
      const measured = at.measured[metric];
      return measured === undefined ? [] : [{ metric, load: at.load, measured, predicted: fitted.predict(at, metric) }];
    });
  });
}

/** Indices of loads in order of the tokens they keep in flight. */
export function spread(loads: readonly Load[]): number[] {
  const size = ({ prompt, output, concurrency, rate }: Load): number => (concurrency ?? rate!) * (prompt + output);
  return loads
    .map((load, i) => ({ i, size: size(load), prompt: load.prompt }))
    .sort((a, b) => a.size - b.size || a.prompt - b.prompt || a.i - b.i)
    .map(({ i }) => i);
}

function priorOf(unknown: Unknown): Ranged {
  const reach = 1.96 * unknown.sd;
  return { value: unknown.prior, low: valueAt(unknown, -reach), high: valueAt(unknown, reach) };
}

function intervalOf(unknown: Unknown, fitted: Fit, j: number): Ranged {
  const reach = 1.96 * fitted.sd[j]!;
  const at = (theta: number): number => valueAt(unknown, theta);
  const theta = fitted.theta[j]!;
  return { value: at(theta), low: at(theta - reach), high: at(theta + reach) };
}

/** Factors that four of five measurements of this server should stay within, for the intervals of estimates. */
function scatterOf({ surprise }: Fit): RooflineParameters["scatter"] {
  const factor = (metric: CalibrationMetric): number => {
    const variance = discrepancy.sd[metric] ** 2 + discrepancy.noise[metric] ** 2;
    return exp(1.28 * Math.sqrt(surprise * variance));
  };
  const tpot = factor("tpot");
  return { ttft: factor("ttft"), tpot, throughput: factor("outputTokensPerSecond"), step: tpot };
}

/** Throughput of a closed loop from the times of its requests (Little 1961). */
function little(load: Load, times: { readonly ttft: Ranged; readonly tpot: Ranged }): Ranged {
  const tokens = load.concurrency! * load.output;
  const at = (end: keyof Ranged): number => tokens / (times.ttft[end] + (load.output - 1) * times.tpot[end]);
  return { value: at("value"), low: at("high"), high: at("low") };
}
