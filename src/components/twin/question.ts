/** What the twin's page asks its worker, and what it answers. */
import type { Evidence } from "../../engine/calibrate/evidence.ts";
import type { Observation } from "../../engine/calibrate/observation.ts";
import type { CalibrationMetric, HeldOut, Load } from "../../engine/calibrate/types.ts";
import type { Ranged } from "../../engine/metrics/types.ts";
import type { Server } from "../../engine/server.ts";
import type { StepParameters } from "../../engine/step/types.ts";

export type Question =
  | { readonly kind: "fit"; readonly server: Server; readonly observations: readonly Observation[] }
  /** Of the last fit. */
  | { readonly kind: "predict"; readonly loads: readonly Load[] };

export interface Fitted {
  readonly parameters: StepParameters;
  readonly unidentifiable: readonly string[];
  readonly heldOut: readonly HeldOut[];
  readonly evidence: Evidence;
}

/** One load as the twin has it, as the fitted constants alone have it, and as it was expected before the points. */
export interface Foretold {
  readonly load: Load;
  readonly twin: Readonly<Record<CalibrationMetric, Ranged>>;
  readonly model: Readonly<Record<CalibrationMetric, number>>;
  readonly before: Readonly<Record<CalibrationMetric, number>>;
}

export type Answer = { readonly fitted: Fitted } | { readonly foretold: readonly Foretold[] };
