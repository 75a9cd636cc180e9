/** What the status line says, in words. */
import type { Activity, CheckOutcome, RunOutcome } from "../../lab/session.ts";

export const activityWords: Readonly<Record<Activity, string>> = {
  idle: "",
  compiling: "Compiling…",
  running: "Running…",
  checking: "Checking on fresh seeds…",
};

export function ranWords({ ending, problems, took, measured }: RunOutcome, typeErrors: number): string {
  const types = typeErrors === 0 ? "" : ` with ${typeErrors} type error${typeErrors === 1 ? "" : "s"}`;
  if (ending.kind === "stopped") return `${ending.message} Press Run to try again.`;
  if (problems.length > 0) return took === 0 ? "Not run." : `Ran${types}, and ended with an error.`;
  return `Ran${types} in ${took < 1 ? `${Math.round(took * 1000)} ms` : `${took.toFixed(1)} s`}, ${measured ? "measured" : "simulated"}.`;
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
