/** What a calibration takes in and gives back. Seconds, tokens. */
import type { Ranged } from "../metrics/types.ts";
import type { StepParameters } from "../step/types.ts";

/** One point of a measured sweep: means over its requests. One of `concurrency` and `rate`, and at least one metric. */
export interface MeasuredPoint {
  prompt: number;
  output: number;
  /** Requests in flight all the time. */
  concurrency?: number;
  /** Requests per second, arriving at random. */
  rate?: number;
  ttft?: number;
  tpot?: number;
  outputTokensPerSecond?: number;
}

/** A load to predict. */
export type Load = Pick<MeasuredPoint, "prompt" | "output" | "concurrency" | "rate">;

export const calibrationMetrics = ["ttft", "tpot", "outputTokensPerSecond"] as const;
export type CalibrationMetric = (typeof calibrationMetrics)[number];

/** A metric of a point that the fit had not seen, and what the fit said about it. */
export interface HeldOut {
  readonly metric: CalibrationMetric;
  readonly load: Load;
  readonly measured: number;
  readonly predicted: Ranged;
}

export interface Calibration {
  /** A set for `server.parameters`. */
  readonly parameters: StepParameters;
  /** What was fitted, by its name in `parameters`: value and 95 % interval. */
  readonly intervals: Readonly<Record<string, Ranged>>;
  /** Fitted constants about which these points say next to nothing: what is known of them is what was known before. */
  readonly unidentifiable: readonly string[];
  /** Two points that a fit to the others predicts, metric by metric. The parameters above are fitted to all points. */
  readonly heldOut: readonly HeldOut[];
  /**
   * Any load, within the measured range or beyond it. The 95 % interval counts noise, what the points leave open about the
   * parameters, and how far the step model itself may be off, which grows with the distance from what was measured. TTFT
   * under a rate that the server can't keep up with is given as an hour.
   */
  predict(load: Load): Readonly<Record<CalibrationMetric, Ranged>>;
}
