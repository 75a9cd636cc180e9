/** A run that has ended, with all that made it: what kept runs, sharing and the notes below a result stand on. */
import type { RunOutcome } from "../session.ts";
import type { ParamValues } from "./param-state.ts";
import type { ChartSlot } from "./result-state.ts";

export interface FinishedRun {
  readonly date: string;
  readonly outcome: RunOutcome;
  readonly code: string;
  /** It ran the solution, not the learner's code. */
  readonly ofSolution: boolean;
  readonly params: ParamValues;
  readonly seed: number;
  readonly target: string;
  readonly charts: readonly ChartSlot[];
  /** It ran because a slider moved: shown, but not kept. */
  readonly live: boolean;
}
