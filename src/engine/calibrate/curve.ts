/** What a parameter set says about a load: the closed forms, with what a client sees around them. */
import { burst, spreadOf } from "../estimate/burst.ts";
import { heldPerLane, lanesOf } from "../estimate/lane.ts";
import { budgetOf } from "../estimate/memory.ts";
import { closedLoop, openLoop, type Lane } from "../estimate/steady.ts";
import type { ResolvedServer } from "../server.ts";
import { parameterOf, rooflineModel, type RooflineParameters } from "../step/roofline.ts";
import { workOf } from "../step/work.ts";
import type { Observation } from "./observation.ts";
import type { CalibrationMetric } from "./types.ts";

/** Seconds, and tokens per second over all replicas; Infinity where a queue grows without end. */
export type Curve = (
  parameters: RooflineParameters,
  at: Pick<Observation, "load" | "cached" | "ingress">,
) => Readonly<Record<CalibrationMetric, number>>;

export function curveOf(server: ResolvedServer): Curve {
  const work = workOf(server);
  const budget = budgetOf(server);
  const lanes = lanesOf(server);
  return (p, at) => {
    const { load, cached } = at;
    const { output } = load;
    const step = rooflineModel({ ...server, parameters: p }, p, work);
    // A server that was measured has room for one sequence at least, whatever the memory budget says.
    const holds = budget.fits ? heldPerLane(server, budget, load.prompt + output / 2) : Infinity;
    const around = server.rtt + (at.ingress ? parameterOf(p, "ingress", server.engine) : 0);
    const lane: Lane = {
      step,
      prompt: Math.max(1, load.prompt - cached),
      output,
      cached,
      maxRunning: Math.max(1, Math.min(server.scheduler.maxNumSeqs, holds)),
      maxNumBatchedTokens: server.scheduler.maxNumBatchedTokens,
      mixes: server.batching === "continuous",
      outside: around,
      ahead: server.scheduler.asyncScheduling,
      interval: server.scheduler.prefillScheduleInterval,
    };
    if (load.rate !== undefined) {
      const state = openLoop(lane, load.rate / lanes);
      return {
        ttft: state.ttft,
        tpot: state.tpot,
        outputTokensPerSecond: state.requestsPerSecond * lanes * output,
      };
    }
    const users = Math.max(1, load.concurrency! / lanes);
    const state = closedLoop(lane, users);
    // Users who begin together and get answers of equal length stay in step: their prompts queue as in a burst.
    const share = Math.min(1, parameterOf(p, "opening", server.engine));
    let ttft = state.ttft;
    if (users > 1.5) {
      const first = around + burst(lane, users, spreadOf(false)).ttftMean;
      ttft += share * Math.max(0, first - state.ttft);
    }
    const busy = load.concurrency! / (users * lanes);
    return {
      ttft,
      tpot: state.tpot,
      outputTokensPerSecond: state.requestsPerSecond * busy * lanes * output,
    };
  };
}
