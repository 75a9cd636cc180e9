/** A digital twin: the step model fitted to a measured sweep of one server. */
import { InputError } from "../errors.ts";
import type { Ranged } from "../metrics/types.ts";
import { resolveServer } from "../resolve.ts";
import type { Run } from "../run.ts";
import type { Server } from "../server.ts";
import type { RooflineParameters } from "../step/roofline.ts";
import { curveOf } from "./curve.ts";
import { discrepancy } from "./discrepancy.ts";
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
  if (!Array.isArray(points) || points.length < fewest)
    throw new InputError(
      "points",
      Array.isArray(points) ? points.length : points,
      `at least ${fewest} measured points`,
    );
  const resolved = resolveServer(server);
  if (resolved.parameters["form"] !== "roofline")
    throw new InputError("server.parameters", resolved.parameters.name, 'a set of the form "roofline", such as fitted');
  const start = resolved.parameters as RooflineParameters;
  const observations = points.map((point: Run | MeasuredPoint, i) => observationOf(point, i));
  const unknowns = unknownsOf(resolved, start);
  const problem = (of: readonly Observation[]): Problem => ({
    curve: curveOf(resolved),
    start,
    unknowns,
    observations: of,
  });
  const whole = fit(problem(observations));

  const name = `${start.name}, calibrated for ${resolved.model.id} on ${resolved.gpu.id}`;
  const set = parametersAt(start, unknowns, whole.theta, name);
  const intervals = Object.fromEntries(unknowns.map((unknown, j) => [unknown.name, intervalOf(unknown, whole, j)]));
  const values = { ...set.values };
  for (const [key, range] of Object.entries(intervals)) values[key] = { ...values[key]!, ...range };
  const typical = observations[0]!;
  return {
    parameters: { ...set, values, scatter: scatterOf(whole) },
    intervals,
    unidentifiable: unknowns.filter((_, j) => whole.left[j]! > 1 - learnt).map(({ name }) => name),
    heldOut: heldOut(observations, (rest) => fit(problem(rest))),
    predict(load) {
      const checked = checkedLoad(load, "load");
      const at = {
        load: checked,
        cached: Math.min(typical.cached, checked.prompt - 1),
        ingress: typical.ingress,
      };
      const seen = new Set(observations.flatMap((o) => Object.keys(o.measured)));
      const answer = Object.fromEntries(
        calibrationMetrics.map((metric) => [metric, whole.predict(at, metric)]),
      ) as Record<CalibrationMetric, Ranged>;
      if (!seen.has("outputTokensPerSecond") && checked.concurrency !== undefined)
        answer.outputTokensPerSecond = little(checked, answer);
      return answer;
    },
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
