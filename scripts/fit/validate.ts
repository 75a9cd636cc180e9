/** What the fit says about rows that it has not seen: one group, model, GPU, family of GPUs, engine or publisher left out at a time. */
import type { Case } from "../accuracy/case.ts";
import { refit, residual, without, type Problem, type Solution } from "./fit.ts";
import { parametersAt } from "./plan.ts";

/** What is left out together, and how: by a refit, or, where there are many and each is small, by one Newton step from the whole solution. */
export const validations = {
  group: { of: (c: Case) => `${c.model} ${c.gpu}`, by: without },
  model: { of: (c: Case) => c.model, by: without },
  gpu: { of: (c: Case) => c.gpu, by: refit },
  architecture: { of: (c: Case) => c.server.gpu.architecture ?? "default", by: refit },
  generation: { of: (c: Case) => c.server.engine, by: refit },
  publisher: { of: (c: Case) => c.file, by: refit },
} as const satisfies Record<string, { of: (c: Case) => string; by: typeof refit }>;
export type Validation = keyof typeof validations;

/** ln(predicted ÷ measured) of every row, each predicted without the rows that share its key. */
export function leaveOut(
  problem: Problem,
  solution: Solution,
  name: Validation,
  log: (line: string) => void = () => undefined,
): Float64Array {
  const { of, by } = validations[name];
  const parts = new Map<string, number[]>();
  problem.cases.forEach((c, i) => {
    const key = of(c);
    parts.set(key, [...(parts.get(key) ?? []), i]);
  });
  const left = new Float64Array(problem.cases.length);
  for (const [key, rows] of parts) {
    const p = parametersAt(problem.unknowns, by(problem, solution, rows));
    for (const i of rows) left[i] = residual(problem.cases[i]!, p);
    log(`${name} ${key}: ${rows.length} rows`);
  }
  return left;
}
