/** Latency of a server at a rate of arrivals, and the most it can take. */
import { InputError } from "../errors.ts";
import { queueing } from "../metrics/queueing.ts";
import type { Ranged } from "../metrics/types.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { resolveServer } from "../resolve.ts";
import type { Server } from "../server.ts";
import type { StepCost } from "../step/types.ts";
import { decodeFeatures } from "./features.ts";
import { answered, ranged, scatterOf } from "./interval.ts";
import { laneOf, lanesOf } from "./lane.ts";
import { budgetOf } from "./memory.ts";
import { openLoop, saturated, type Lane, type SteadyState } from "./steady.ts";
import type { MemoryBudget } from "./types.ts";

const loadOptions = optionsNamed({ numbers: ["prompt", "cached", "output", "rate"] });

export interface RateEstimate {
  /** False where requests come faster than they can be served: the queue, and every latency, then grows without end. */
  readonly stable: boolean;
  /** Requests per second at saturation, over all replicas. */
  readonly capacity: Ranged;
  /** Share of the capacity that the rate asks for. */
  readonly load: number;
  /** Means, seconds; NaN where the server is not stable, and `tpot` where an answer is one token. */
  readonly ttft: Ranged;
  readonly tpot: Ranged;
  readonly e2e: Ranged;
  /** Of `ttft`: network and front end; in line for a place; and from the step under way to the end of the prompt's own. */
  readonly waits: { readonly outside: number; readonly place: number; readonly inside: number };
  /** A decode step at this load, of so many sequences in each engine, without the prompts that interrupt it. */
  readonly step: StepCost;
  readonly running: number;
  /** Requests at any moment, over all replicas, that were sent and have not been answered in full; Infinity where the server is not stable. */
  readonly inFlight: number;
  /** Requests for which memory has room, over all replicas. */
  readonly holds: number;
  /** What the step spends most of its time on at this load, or "memory" where the KV cache is what runs out. */
  readonly bound: string;
  readonly memory: MemoryBudget;
}

/** One request in thirty years; far below, sums of times lose their digits. */
const SLOWEST = 1e-9;

/**
 * Means of a server that requests reach at random, `rate` a second: prompts of so many tokens, `cached` of them (default 0) found in the
 * prefix cache, and so many tokens of answer. Intervals as in `estimate`. Throws InputError as `estimate` does.
 */
export function estimateAtRate(
  server: Server,
  load: { prompt: number; cached?: number; output: number; rate: number },
): RateEstimate {
  checkOptions("load", load, loadOptions);
  const { rate, ...shape } = load;
  return estimatesByRate(server, shape)(rate);
}

const shapeOptions = optionsNamed({ numbers: ["prompt", "cached", "output"] });

/** The same at one rate after another, quicker: what does not depend on the rate is worked out once. */
export function estimatesByRate(
  server: Server,
  load: { prompt: number; cached?: number; output: number },
): (rate: number) => RateEstimate {
  const resolved = resolveServer(server);
  checkOptions("load", load, shapeOptions);
  const { prompt, cached = 0, output } = load;
  const longest = resolved.scheduler.maxModelLen ?? resolved.model.maxContext;
  if (!(prompt >= 1)) throw new InputError("load.prompt", prompt, "a number of tokens ≥ 1");
  if (!(output >= 1)) throw new InputError("load.output", output, "a number of tokens ≥ 1");
  if (prompt + output > longest)
    throw new InputError("load.prompt", prompt, `at most ${longest - output}: with the output, ${longest} tokens`);
  if (!(cached >= 0 && cached < prompt)) throw new InputError("load.cached", cached, `from 0 to below ${prompt}`);
  const memory = budgetOf(resolved);
  if (!memory.fits) throw new InputError("server", resolved.model.id, `small enough for the GPUs: ${memory.reason}`);
  const lane = laneOf(resolved, memory, { prompt, cached, output });
  const lanes = lanesOf(resolved);
  const full = saturated(lane);
  const scatter = scatterOf(resolved);
  const none = { value: NaN, low: NaN, high: NaN };
  return (rate) => {
    if (!(rate >= SLOWEST)) throw new InputError("load.rate", rate, `requests per second, ${SLOWEST} at least`);
    const state = openLoop(lane, rate / lanes, full);
    const stable = Number.isFinite(state.ttft);
    const waits = stable ? waitsOf(state, lane, output) : { outside: lane.outside, place: Infinity, inside: NaN };
    const firstToken = waits.outside + waits.place + waits.inside;
    const ttft = stable ? ranged(firstToken, scatter.ttft) : none;
    const tpot = stable && output > 1 ? ranged(state.tpot, scatter.tpot) : none;
    const running = stable ? state.running : full.running;
    const inside = stable ? rate * (firstToken + (output - 1) * state.tpot) : Infinity;
    const step = lane.step.cost(decodeFeatures(Math.max(1, running), prompt + output / 2, lane.step.window));
    return {
      stable,
      capacity: ranged(full.requestsPerSecond * lanes, scatter.throughput),
      load: rate / (full.requestsPerSecond * lanes),
      ttft,
      tpot,
      e2e: output > 1 ? answered(ttft, tpot, output - 1) : ttft,
      waits,
      step,
      running,
      inFlight: inside,
      holds: lane.holds * lanes,
      bound: running >= 0.95 * lane.holds ? "memory" : step.bound,
      memory,
    };
  };
}

/**
 * The open loop's own queue grows with the load whether or not places run out. In continuous batching a request waits before its first
 * step only for a place, so its wait is that of a line in front of as many servers as there are places (Erlang C).
 */
export function waitsOf(state: SteadyState, lane: Lane, output: number): RateEstimate["waits"] {
  const { requestsPerSecond: rate, waiting, ttft, tpot } = state;
  const inside = ttft - waiting / rate - lane.outside;
  const service = inside + (output - 1) * tpot;
  const { wait } = queueing.erlangC({ rate, service, servers: Math.max(1, Math.floor(lane.maxRunning)) });
  // What is left of the capacity bounds the line too: nobody waits longer than in the loop's own one.
  return { outside: lane.outside, place: Math.min(wait, waiting / rate), inside };
}
