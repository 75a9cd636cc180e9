/** What the fit says about rows that it has not seen: one group, model, GPU, family of GPUs, engine or publisher left out at a time. */
import type { Case } from "../accuracy/case.ts";
import { excluding, fit, residual, without, type Problem, type Solution } from "./fit.ts";
import { parametersAt } from "./plan.ts";

/** What is left out together, and how: by a refit, or, where there are hundreds, by one Newton step from the whole solution. */
export const validations = {
  group: { of: (c: Case) => `${c.model} ${c.gpu}`, refit: false },
  model: { of: (c: Case) => c.model, refit: false },
  gpu: { of: (c: Case) => c.gpu, refit: false },
  architecture: { of: (c: Case) => c.server.gpu.architecture ?? "default", refit: true },
  generation: { of: (c: Case) => c.server.engine, refit: true },
  publisher: { of: (c: Case) => c.file, refit: true },
} as const satisfies Record<string, { of: (c: Case) => string; refit: boolean }>;
export type Validation = keyof typeof validations;

/** Rounds of a refit from the whole solution; a round that gains next to nothing ends it. */
const rounds = 5;

/** ln(predicted ÷ measured) of every row, each predicted without the rows that share its key. */
export function leaveOut(
  problem: Problem,
  solution: Solution,
  name: Validation,
  log: (line: string) => void = () => undefined,
): Float64Array {
  const { of, refit } = validations[name];
  const parts = new Map<string, number[]>();
  problem.cases.forEach((c, i) => parts.set(of(c), [...(parts.get(of(c)) ?? []), i]));
  const left = new Float64Array(problem.cases.length);
  for (const [key, rows] of parts) {
    const theta = refit
      ? fit(excluding(problem, rows), rounds, undefined, solution.theta).theta
      : without(problem, solution, rows);
    const p = parametersAt(problem.unknowns, theta);
    for (const i of rows) left[i] = residual(problem.cases[i]!, p);
    log(`${name} ${key}: ${rows.length} rows`);
  }
  return left;
}
