/** All requests at once: how the queue drains, in closed form. */
import type { Lane } from "./steady.ts";
import { closedLoop } from "./steady.ts";
import { log } from "../numeric.ts";
import { decodeFeatures, mixedFeatures, prefillFeatures } from "./features.ts";

/** Seconds. */
export interface Drain {
  readonly ttftMean: number;
  readonly ttftMedian: number;
  readonly tpotMean: number;
  readonly tpotMedian: number;
  readonly makespan: number;
}

/** Twelve equally likely quantiles of an exponential distribution with mean 1: the shortest answers have the slowest tokens. */
const quantiles = Array.from({ length: 12 }, (_, i) => -log(1 - (i + 0.5) / 12));
/** The longest of many answers, relative to their mean: ChatGPT's ended at some thousand tokens. */
const longestOfMany = 5;
/** Tokens of the shortest answer that benchmarks take from such data. */
const shortest = 4;

/** How long the answers are, relative to their mean: all alike, or spread as in a chat data set up to a cap. */
export interface Spread {
  readonly lengths: readonly number[];
  /** The longest answer among many. */
  readonly longest: number;
}

/** `cap` is the longest answer allowed, relative to the mean; without one the longest of many is five times the mean. */
export function spreadOf(varied: boolean, cap = Infinity): Spread {
  if (!varied || cap <= 1.05) return { lengths: [1], longest: 1 };
  let scale = 1;
  for (let i = 0; i < 20; i++) {
    const mean = quantiles.reduce((sum, q) => sum + Math.min(q * scale, cap), 0) / quantiles.length;
    scale = Math.min(20, scale / mean);
  }
  return { lengths: quantiles.map((q) => Math.min(q * scale, cap)), longest: Math.min(cap, longestOfMany) };
}

/**
 * `requests` prompts arrive together. Prompts are taken in as the token budget allows until the running sequences reach the
 * limit; then each that ends lets the next one in, at the saturated rate; at last the batch thins out. answers of
 * different lengths leave a tail of long ones in a small batch.
 */
export function burst(lane: Lane, requests: number, spread: Spread): Drain {
  const { step, prompt, cached, mixes, maxNumBatchedTokens } = lane;
  const output = Math.max(1, lane.output);
  const window = step.window;
  const context = cached + prompt + output / 2;
  const first = Math.min(requests, lane.maxRunning);
  const perStep = Math.max(1, maxNumBatchedTokens / prompt);
  const passes = Math.max(1, prompt / maxNumBatchedTokens);
  const fillSteps = Math.max(1, (first / perStep) * passes);
  const tokens = Math.min(prompt, maxNumBatchedTokens);
  const before = cached + (prompt - tokens) / 2;

  // Filling: the decoding batch grows from nothing; requests shorter than the filling end on the way.
  let filling = 0;
  let firstHalf = 0;
  let fillStep = 0;
  const slices = 6;
  for (let i = 0; i < slices; i++) {
    const done = ((i + 0.5) / slices) * fillSteps;
    const alive = Math.min((done * perStep) / passes, (output * perStep) / passes, first);
    const prompts = Math.min(perStep, first);
    fillStep = mixes
      ? step.seconds(mixedFeatures(alive, context, prompts, tokens, before, window))
      : step.seconds(prefillFeatures(prompts, tokens, before, window));
    filling += (fillStep * fillSteps) / slices;
    if (i < slices / 2) firstHalf = filling;
  }

  const { lengths, longest } = spread;
  const varied = lengths.length > 1;
  const decodeStep = step.seconds(decodeFeatures(first * (varied ? 0.7 : 1), context, window));

  // Refilling: one in for one out. Where prompts stop all others and answers are equally long, those who began together also end
  // together, so that the queue is worked off wave by wave, each filled at once and then left alone.
  const later = requests - first;
  const inWaves = later > 0 && !mixes && !varied;
  const wave = filling + (output - 1) * decodeStep;
  const saturated =
    later > 0 && !inWaves ? closedLoop({ ...lane, outside: 0 }, Math.max(first, 2 * lane.maxRunning)) : undefined;
  const refilling = saturated ? later / saturated.requestsPerSecond : (later / first) * wave;

  // Draining.
  const remaining = Math.max(0, output - fillSteps * (mixes ? 1 : 0) * 0.5);
  let draining = 0;
  let survivors: number = Math.min(first, requests);
  let previous = 0;
  for (let i = 0; i < lengths.length; i++) {
    const until = lengths[i]! * remaining;
    draining += (until - previous) * step.seconds(decodeFeatures(Math.max(1, survivors), context, window));
    previous = until;
    survivors -= Math.min(first, requests) / lengths.length;
  }
  if (longest * remaining > previous)
    draining +=
      (longest * remaining - previous) * step.seconds(decodeFeatures(Math.max(1, first / 50), context * 2, window));

  const steadyTpot = saturated?.tpot ?? 0;
  const shareFirst = inWaves ? 1 : first / requests;
  const early = { slow: fillStep, fast: decodeStep, fillSteps, output, mixes, least: varied ? shortest : 1 };
  const blend = (first: number): number => shareFirst * first + (1 - shareFirst) * steadyTpot;
  const tpotMean = blend(meanPace(early, lengths));
  const tpotMedian = blend(meanPace(early, [lengths[Math.floor(lengths.length / 2)]!]));
  // A prompt's first token comes when its step ends, so half of a step after its place in the queue says.
  const halfStep = filling / fillSteps / 2;
  const ttftFirst = filling / 2 + halfStep + (inWaves ? refilling / 2 : 0);
  const ttftMean = shareFirst * ttftFirst + (1 - shareFirst) * (filling + refilling / 2);
  const half = requests / 2;
  const place = half / first;
  const ttftMedian =
    half <= first
      ? half < first
        ? Math.min(filling, halfStep + firstHalf + (filling - firstHalf) * Math.max(0, (2 * half) / first - 1))
        : filling
      : inWaves
        ? Math.floor(place) * wave + (place % 1) * filling + halfStep
        : filling + ((half - first) / Math.max(1, later)) * refilling;
  return {
    ttftMean,
    ttftMedian,
    tpotMean,
    tpotMedian,
    makespan: filling + refilling + draining,
  };
}

/** Mean time per token of requests let in evenly while the queue fills: until it is full, prompts slow them or stop them. */
function meanPace(
  o: { slow: number; fast: number; fillSteps: number; output: number; mixes: boolean; least: number },
  lengths: readonly number[],
): number {
  const places = 4;
  let sum = 0;
  for (const length of lengths)
    for (let i = 0; i < places; i++) {
      const steps = Math.max(1, Math.max(o.least, length * o.output) - 1);
      const ahead = o.fillSteps * (1 - (i + 0.5) / places);
      const slowSteps = o.mixes ? Math.min(steps, ahead) : ahead;
      sum += (slowSteps * o.slow + (o.mixes ? steps - slowSteps : steps) * o.fast) / steps;
    }
  return sum / (lengths.length * places);
}
