/** Steady state of continuous batching, in closed form: how many requests decode, how long a token and a first token take. */
import { exp, log, pow } from "../numeric.ts";
import type { StepModel } from "../step/types.ts";
import { decodeFeatures, mixedFeatures, prefillFeatures } from "./features.ts";

export interface Lane {
  readonly step: StepModel;
  /** Tokens of a prompt still to be computed, and of an answer. */
  readonly prompt: number;
  readonly output: number;
  /** Tokens of the prompt that a prefix cache holds. */
  readonly cached: number;
  /** Most sequences that run at once: the scheduler's limit or what the KV cache holds. */
  readonly maxRunning: number;
  readonly maxNumBatchedTokens: number;
  /** Prompts ride along with decoding sequences; otherwise they stop them (prefill first). */
  readonly mixes: boolean;
  /** Seconds that a request is neither waiting nor running: network and the engine's front end, there and back. */
  readonly outside: number;
  /** The next step is planned when a step starts, so that an arrival is seen one step later. */
  readonly ahead: boolean;
  /** Steps between looks at the queue (vLLM's prefill_schedule_interval, SGLang's scheduler_recv_interval). */
  readonly interval: number;
}

/** Seconds; requests per second. */
export interface SteadyState {
  /** From the client's request to its first token. */
  readonly ttft: number;
  readonly tpot: number;
  readonly requestsPerSecond: number;
  /** Sequences that decode, and requests that wait because the server can take in no more. */
  readonly running: number;
  readonly waiting: number;
}

/** The engine when `started` prompts are taken in during the time that one token takes. */
interface Pace {
  readonly tpot: number;
  /** Requests per second. */
  readonly rate: number;
  /** Until the step that carries the prompt starts, and until the prompt is computed from there. */
  readonly wait: number;
  readonly prefill: number;
  /** A step that carries prompts. */
  readonly carrying: number;
  /** Requests in the engine: prompts and those that decode. */
  readonly inside: number;
  /** Share of the time in which prompts are computed. */
  readonly prefilling: number;
}

/** Who shares the engine: so many users in a closed loop, or Infinity for independent arrivals. */
type Population = number;

/**
 * With `concurrency` requests in flight. What a request meets is the engine as the other requests keep it (the arrival theorem of
 * Reiser and Lavenberg 1980): their decoding lengthens its steps, their prompts interrupt it and delay its own. A first token takes
 * the way there and back, the rest of the running step, and the steps that carry its prompt together with prompts that came
 * meanwhile. Little's law closes the loop over all of it: concurrency = rate × (TTFT + (output − 1) × TPOT). What does not fit into
 * the steps' token budget or the KV cache waits.
 */
export function closedLoop(lane: Lane, concurrency: number): SteadyState {
  const state = solvedLoop(lane, concurrency);
  if (lane.output > 1) return state;
  // Users of one-token answers fall into step with the engine, which random arrivals do not show; but they never wait longer than for two tokens.
  const { requestsPerSecond } = solvedLoop({ ...lane, output: 2 }, concurrency);
  if (requestsPerSecond <= state.requestsPerSecond) return state;
  const ttft = concurrency / requestsPerSecond;
  const waiting = Math.max(0, state.waiting + requestsPerSecond * (ttft - state.ttft));
  return { ...state, ttft, requestsPerSecond, waiting };
}

function solvedLoop(lane: Lane, concurrency: number): SteadyState {
  const places = Math.min(concurrency, lane.maxRunning);
  const most = Math.min(mostStarted(lane), places / (lane.output > 1 ? lane.output - 1 : 1));
  const turns = Math.max(0, lane.output - 1);
  const load = (pace: Pace): number =>
    Math.max(
      (pace.rate * (lane.outside + pace.wait + pace.prefill + turns * pace.tpot)) / concurrency,
      (pace.inside + (lane.ahead ? pace.rate * pace.tpot : 0)) / lane.maxRunning,
      pace.prefilling,
    );
  const { started, pace } = solve((r) => paceAt(lane, r, places), load, most);
  const tpot = slowed(lane, pace, concurrency, turns);
  const ttft = Math.max(lane.outside + pace.wait + pace.prefill, concurrency / pace.rate - turns * tpot);
  const waiting = pace.rate * Math.max(0, ttft - lane.outside - pace.wait - pace.prefill);
  const running = tpot > pace.tpot ? pace.rate * turns * tpot : started * turns;
  return { ttft, tpot, requestsPerSecond: pace.rate, running, waiting };
}

/**
 * Where prompts take all the time there is, every step carries some: a token then takes as long as such a step, as far as there are
 * places for those who decode so slowly.
 */
function slowed(lane: Lane, pace: Pace, concurrency: number, turns: number): number {
  if (!lane.mixes || turns === 0 || pace.prefilling < 0.999) return pace.tpot;
  const apart = concurrency / pace.rate - lane.outside - pace.wait - pace.prefill;
  const placed = lane.maxRunning / pace.rate - pace.prefill - (lane.ahead ? pace.tpot : 0);
  return Math.max(pace.tpot, Math.min(pace.carrying, apart / turns, placed / turns));
}

/** With so many requests waiting that it is never short of any. */
export function saturated(lane: Lane): SteadyState {
  return closedLoop(lane, 4 * Math.max(1, Math.min(lane.maxRunning, 2 * lane.maxNumBatchedTokens)));
}

/** With requests arriving at random at `rate` per second; `waiting` is Infinity when that is more than the server can do: more than when it is `full`. */
export function openLoop(lane: Lane, rate: number, full = saturated(lane)): SteadyState {
  if (rate >= full.requestsPerSecond) return { ...full, ttft: Infinity, waiting: Infinity };
  const turns = Math.max(0, lane.output - 1);
  const { started, pace } = solve(
    (r) => paceAt(lane, r, Infinity),
    (p) => p.rate / rate,
    Math.min(mostStarted(lane), lane.maxRunning / Math.max(1, turns)),
  );
  // Places run out by chance before they do on average.
  const load = rate / full.requestsPerSecond;
  const queued = ((pace.prefill + pace.wait) * load * load) / (2 * (1 - load));
  return {
    ttft: lane.outside + pace.wait + pace.prefill + queued,
    tpot: pace.tpot,
    requestsPerSecond: rate,
    running: started * turns,
    waiting: rate * queued,
  };
}

/** Most prompts that can start in the time of one token while the token budget also holds those who decode. */
function mostStarted(lane: Lane): number {
  return lane.mixes ? lane.maxNumBatchedTokens / (lane.prompt + Math.max(0, lane.output - 1)) : 1e9;
}

/**
 * Where a load that grows with `started` reaches 1, or `most` if it never does: false position on logarithms, in which loads are
 * nearly straight.
 */
function solve(
  at: (started: number) => Pace,
  load: (pace: Pace) => number,
  most: number,
): { readonly started: number; readonly pace: Pace } {
  let high = most;
  let pace = at(high);
  let above = log(load(pace));
  if (above <= 0) return { started: high, pace };
  let low = high;
  let below = above;
  for (let i = 0; i < 40 && below > 0; i++) {
    [high, above] = [low, below];
    low *= exp(-1.3 * below - 0.01);
    pace = at(low);
    below = log(load(pace));
  }
  let started = low;
  for (let i = 0, side = 0; i < 40 && Math.abs(below) > 1e-6; i++) {
    started = low * pow(high / low, -below / (above - below));
    pace = at(started);
    const value = log(load(pace));
    if (Math.abs(value) < 1e-6) break;
    if (value < 0) {
      [low, below] = [started, value];
      if (side === -1) above /= 2;
      side = -1;
    } else {
      [high, above] = [started, value];
      if (side === 1) below /= 2;
      side = 1;
    }
  }
  return { started, pace };
}

function paceAt(lane: Lane, started: number, population: Population): Pace {
  const { step, prompt, cached, mixes, outside } = lane;
  const turns = Math.max(0, lane.output - 1);
  const others = population === Infinity ? 1 : Math.max(0, population - 1) / Math.max(1, population);
  const context = cached + prompt + lane.output / 2;
  const window = step.window;
  const decoding = others * started * turns;
  const plain = turns > 0 ? step.seconds(decodeFeatures(1 + decoding, context, window)) : 0;
  const budget = Math.max(1, mixes ? lane.maxNumBatchedTokens - decoding : lane.maxNumBatchedTokens);
  const perPass = Math.max(1, budget / prompt);
  const passes = Math.max(1, prompt / budget);
  const tokens = Math.min(prompt, budget);
  const before = cached + (prompt - tokens) / 2;
  let next = Math.min(perPass, 1 + others * started);
  let together = next;
  let tpot = plain;
  let carrying = plain;
  let rate = 0;
  let idle = 0;
  let prefilling = 0;
  let rest = 0;
  let held = 0;
  for (let i = 0; i < 4; i++) {
    together = next;
    carrying = mixes
      ? step.seconds(mixedFeatures(decoding, context, together, tokens, before, window))
      : step.seconds(prefillFeatures(together, tokens, before, window));
    const interrupted = (others * started * passes) / together;
    if (turns === 0) tpot = carrying;
    else if (mixes) tpot = plain + Math.min(1, interrupted) * Math.max(0, carrying - plain);
    else tpot = plain + interrupted * carrying;
    rate = started / tpot;
    // What an arrival finds: an idle engine, a step with prompts, or one without.
    idle =
      population === Infinity
        ? exp(-rate * (passes * carrying + turns * tpot))
        : pow(Math.max(1e-6, Math.min(1, (outside * rate) / population)), Math.max(0, population - 1));
    prefilling = Math.min(1 - idle, (others * rate * passes * carrying) / together);
    rest = (1 - idle - prefilling) * (turns > 0 ? plain : carrying);
    held = (1 - idle) * (lane.interval - 1) * plain;
    next = Math.min(perPass, 1 + others * rate * (prefilling * carrying + rest + held));
  }
  // Prompts that do not fit into one step with those before them wait for the next.
  const full = Math.min(0.999, (prefilling * together) / perPass);
  const residual = (prefilling * passes * carrying + rest) / 2;
  let wait = residual / (1 - pow(full, perPass));
  // With no way to go, who has got an answer asks again as the step ends, and has none of it to wait for.
  if (population < Infinity && outside === 0) wait -= residual;
  wait += held / 2;
  if (lane.ahead) wait += (1 - idle) * tpot;
  const prefill = passes * carrying;
  const inside = rate * (prefill + turns * tpot);
  return { tpot, rate, wait, prefill, carrying, inside, prefilling: (rate * prefill) / together };
}
