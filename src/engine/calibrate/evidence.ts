/** What a sweep shows of a server and what it leaves open: each constant's share, who moves what, and what can't be told apart. */
import type { Ranged } from "../metrics/types.ts";
import type { Fit, Residual } from "./fit.ts";
import type { Unknown } from "./unknowns.ts";

/** One fitted constant. */
export interface Shown {
  /** Its name in the parameter set. */
  readonly name: string;
  /** Before the points: the fitted set's, and two standard deviations of what servers of a kind differ by. */
  readonly before: Ranged;
  /** After them, with its 95 % interval. */
  readonly after: Ranged;
  /** Share of the uncertainty (standard deviation of the logarithm) that the points leave, 0 to 1. */
  readonly left: number;
  /** False where the points say next to nothing about it. */
  readonly shown: boolean;
}

/** Two constants of which the points show a combination better than either. */
interface Entangled {
  readonly names: readonly [string, string];
  /** −1 to 1; below 0 one may rise while the other falls. */
  readonly correlation: number;
}

export interface Evidence {
  readonly parameters: readonly Shown[];
  /** Each number measured, beside what the fitted parameters alone say. `moves`: change of its logarithm for each parameter's logarithm. */
  readonly residuals: readonly Residual[];
  /** How many constants' worth the points pin down: Σ (1 − share of variance left), "well-determined parameters" (MacKay 1992). */
  readonly determined: number;
  readonly entangled: readonly Entangled[];
  /** ≥ 1: by how much intervals had to widen because the points contradict the model or each other. */
  readonly surprise: number;
}

/** Above it two constants count as not told apart. */
const alike = 0.6;

/** `learnt`: the share by which uncertainty must shrink for a constant to count as shown; `range`: its 95 % interval. */
export function evidenceOf(
  fit: Fit,
  unknowns: readonly Unknown[],
  learnt: number,
  range: (j: number) => Ranged,
  before: (j: number) => Ranged,
): Evidence {
  const k = unknowns.length;
  const entangled: Entangled[] = [];
  for (let i = 0; i < k; i++)
    for (let j = 0; j < i; j++) {
      const scale = Math.sqrt(fit.covariance[i * k + i]! * fit.covariance[j * k + j]!);
      const correlation = fit.covariance[i * k + j]! / scale;
      if (Math.abs(correlation) >= alike)
        entangled.push({ names: [unknowns[j]!.name, unknowns[i]!.name], correlation });
    }
  return {
    parameters: unknowns.map(({ name }, j) => ({
      name,
      before: before(j),
      after: range(j),
      left: fit.left[j]!,
      shown: fit.left[j]! <= 1 - learnt,
    })),
    residuals: fit.residuals,
    determined: fit.left.reduce((sum, left) => sum + 1 - left ** 2, 0),
    entangled: entangled.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation)),
    surprise: fit.surprise,
  };
}
