/** What the status line says, in words. */
import type { ChartOrigin } from "../../engine/chart/types.ts";
import type { Activity, CheckOutcome, RunOutcome } from "../session.ts";

export const activityWords: Readonly<Record<Activity, string>> = {
  idle: "",
  compiling: "Compiling…",
  loading: "Loading what it replays…",
  running: "Running…",
  checking: "Checking on fresh seeds…",
};

/** What a run's figures are: only what was measured is called so, and plain arithmetic is not called a simulation. */
export function kindOf(
  { runs, measured }: Pick<RunOutcome, "runs" | "measured">,
  origins: readonly ChartOrigin[],
): ChartOrigin["kind"] {
  const kinds = [...runs.map(({ origin }) => origin.kind), ...origins.map(({ kind }) => kind)];
  if (kinds.includes("measured") || (measured && kinds.length === 0)) return "measured";
  return kinds.includes("simulated") ? "simulated" : "calculated";
}

export function ranWords(
  { ending, problems, took }: RunOutcome,
  kind: ChartOrigin["kind"],
  typeErrors: number,
): string {
  const types = typeErrors === 0 ? "" : ` with ${typeErrors} type error${typeErrors === 1 ? "" : "s"}`;
  if (ending.kind === "stopped") return `${ending.message} Press Run to try again.`;
  if (problems.length > 0) return took === 0 ? "Not run." : `Ran${types}, and ended with an error.`;
  return `Ran${types} in ${took < 1 ? `${Math.round(took * 1000)} ms` : `${took.toFixed(1)} s`}, ${kind}.`;
}

export function checkedWords({ ending, problems, results, passed }: CheckOutcome): string {
  if (ending.kind === "stopped") return ending.message;
  if (results.length === 0) return "Not checked.";
  if (problems.length > 0) return "Not checked: the code ended with an error.";
  const ungraded = results.filter(({ outcome }) => outcome === "notGraded").length;
  const failed = results.filter(({ outcome }) => outcome === "failed").length;
  if (passed && ungraded > 0)
    return `Every check that is graded here passes; ${ungraded} ${ungraded === 1 ? "holds" : "hold"} only for the simulated server.`;
  if (passed) return "Every check passes.";
  return `${failed} of ${results.length} checks ${failed === 1 ? "does" : "do"} not pass yet.`;
}
