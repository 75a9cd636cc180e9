/** A press of Run as numbers that can be put side by side. */
import { summarize } from "../../engine/metrics/summarize.ts";
import { statuses, type Run } from "../../engine/run.ts";
import type { Exported } from "../protocol.ts";

/** What the code exports, and what its last Run says. Names stay short: labels are made when they are shown. */
export function numbersOf(exported: Exported, run: Run | undefined): Readonly<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(exported))
    if (typeof value === "number" && Number.isFinite(value)) numbers[name] = value;
  if (run === undefined) return numbers;
  const good = run.requests.status.filter((code) => statuses[code] === "succeeded").length;
  const unsent = run.requests.status.filter((code) => statuses[code] === "unsent").length;
  if (unsent > 0) numbers["unsent"] = unsent;
  if (good === 0) {
    // Nothing was answered: there is no latency to speak of, and that is the result.
    return { ...numbers, succeeded: 0, failed: run.requests.count - unsent };
  }
  const { ttft, tpot, e2e, outputTokensPerSecond, succeeded, failed } = summarize(run);
  const metrics = {
    "TTFT p50, ms": ttft.p(50) * 1000,
    "TPOT p50, ms": tpot.p(50) * 1000,
    "E2E p50, s": e2e.p(50),
    "output tokens/s": outputTokensPerSecond,
    succeeded,
    failed,
  };
  for (const [name, value] of Object.entries(metrics)) if (Number.isFinite(value)) numbers[name] = value;
  return numbers;
}
