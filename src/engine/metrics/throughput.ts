/** What a run delivered per second, with an interval made of its own requests. */
import { exp, log, pow } from "../numeric.ts";
import { createRandom, type Random } from "../random.ts";
import type { Measured } from "./measure.ts";
import { studentPoint } from "./mean-interval.ts";
import type { Ranged } from "./types.ts";

/** Of the peak in flight, over the time in which requests left: from here on a cap holds the load, not the arrivals. */
export const HELD_BY_A_CAP = 0.8;
/** Replays of a run; fewer where it is so long that this many requests are replayed in all. */
const REPLAYS = 400;
const FEWEST_REPLAYS = 100;
const MOST_REPLAYED = 2_000_000;

/** Seconds; over less there is no rate. */
const SHORTEST = 1e-9;

export interface Throughput {
  readonly tokens: Ranged;
  readonly requests: Ranged;
}

/** One request as a replay needs it: seconds until the next left, seconds it took, and what it brought. */
interface Turn {
  readonly gap: number;
  readonly took: number;
  readonly tokens: number;
  /** Tokens that the server worked through for it, prompt and answer. */
  readonly work: number;
  readonly done: number;
}

/**
 * Output tokens and requests per second of successful requests over the whole run. The interval comes from replays of the
 * run with its own requests drawn anew, in stretches of neighbours: in a closed loop each user takes the next when its last
 * is done; otherwise they leave, or are done, by the gaps between them, whichever varies more. Ends, waves and drain are in it by that. It is symmetric on a log
 * scale, so it never reaches below zero. The seed is fixed: the same two runs always give the same interval. null where
 * the file does not say when requests left, or fewer than two did.
 * Source of the stretches: D. N. Politis and J. P. Romano, "A circular block-resampling procedure", 1992.
 */
export function throughputOf({ window, requests }: Measured): Throughput | null {
  const duration = window.to - window.from;
  const sent = requests.filter(({ record }) => !Number.isNaN(record.started));
  if (!(duration > SHORTEST) || sent.length < 2) return null;
  sent.sort((a, b) => a.record.started - b.record.started);
  const starts = sent.map(({ record }) => record.started);
  const ends = sent.map(({ record }, i) => [record.closed, record.last].find((t) => t >= starts[i]) ?? starts[i]);
  const turns = sent.map(({ record, metrics }, i): Turn => {
    const gap = i + 1 < starts.length ? starts[i + 1] - starts[i] : 0;
    const tokens = metrics?.outputTokens ?? 0;
    const work = record.promptTokens - record.cachedTokens + tokens;
    return { gap, took: ends[i] - starts[i], tokens, work, done: metrics ? 1 : 0 };
  });
  const { mean, peak } = inFlight(starts, ends);
  const held = mean >= HELD_BY_A_CAP * peak;
  const inTurns = held || peak === turns.length;
  const span = (drawn: readonly Turn[]) => (inTurns ? closedSpan(drawn, peak) : openSpan(drawn));
  const spreads = peak < turns.length && held ? spreadsOf(turns, span) : widerSpreads(turns, starts, ends, span);
  const rate = (amount: number, spread: number): Ranged => {
    const value = amount / duration;
    const factor = exp(Math.min(700, studentPoint(turns.length - 1) * spread));
    return amount === 0 ? { value, low: 0, high: 0 } : { value, low: value / factor, high: value * factor };
  };
  const sum = (of: "tokens" | "done") => turns.reduce((total, turn) => total + turn[of], 0);
  return { tokens: rate(sum("tokens"), spreads.tokens), requests: rate(sum("done"), spreads.requests) };
}

/** Standard deviations of the logarithms of both rates over replays. */
interface Spreads {
  readonly tokens: number;
  readonly requests: number;
}

function spreadsOf(
  turns: readonly Turn[],
  span: (drawn: readonly Turn[]) => number,
  block = Math.ceil(pow(turns.length, 1 / 3)),
): Spreads {
  const n = turns.length;
  const random = createRandom(1, "replays");
  const replays = Math.max(FEWEST_REPLAYS, Math.min(REPLAYS, Math.floor(MOST_REPLAYED / n)));
  const logs = { tokens: [] as number[], requests: [] as number[] };
  for (let i = 0; i < replays; i++) {
    const drawn = drawnAnew(turns, block, random);
    const seconds = span(drawn);
    let [tokens, done] = [0, 0];
    for (const turn of drawn) {
      tokens += turn.tokens;
      done += turn.done;
    }
    if (!(seconds > SHORTEST)) continue;
    if (tokens > 0) logs.tokens.push(log(tokens / seconds));
    if (done > 0) logs.requests.push(log(done / seconds));
  }
  return { tokens: deviation(logs.tokens, n), requests: deviation(logs.requests, n) };
}

/** Behind a queue the server sets the pace: then the gaps between completions say more than the arrivals. */
function widerSpreads(
  turns: readonly Turn[],
  starts: readonly number[],
  ends: readonly number[],
  span: (drawn: readonly Turn[]) => number,
): Spreads {
  const order = turns.map((_, i) => i).sort((i, j) => ends[i] - ends[j]);
  const completions = order.map((i, place): Turn => {
    return { ...turns[i], gap: place > 0 ? ends[i] - ends[order[place - 1]] : 0 };
  });
  const untilFirst = ends[order[0]] - starts[0];
  const completing = spreadsOf(
    completions,
    (drawn) => drawn.reduce((sum, { gap }) => sum + gap, untilFirst),
    // A batch is done at once and then nothing for long: stretches that hold several batches.
    Math.ceil(turns.length / 8),
  );
  const arriving = spreadsOf(turns, span);
  // No more than twice the arrivals: gaps of the drain, drawn into the middle, would stand for far too much.
  const wider = (of: keyof Spreads) => Math.max(arriving[of], Math.min(completing[of], 2 * arriving[of]));
  // The pace is that of the work: as many requests of other sizes would have taken another time, however even the completions.
  const behindAQueue = completing.requests > arriving.requests;
  return { tokens: wider("tokens"), requests: Math.max(wider("requests"), behindAQueue ? workSpread(turns) : 0) };
}

/** Standard deviation of the logarithm of the work in as many requests. */
function workSpread(turns: readonly Turn[]): number {
  const n = turns.length;
  const mean = turns.reduce((sum, { work }) => sum + work, 0) / n;
  const squares = turns.reduce((sum, { work }) => sum + (work - mean) * (work - mean), 0);
  return mean > 0 ? Math.sqrt(squares / (n - 1) / n) / mean : 0;
}

function drawnAnew(turns: readonly Turn[], block: number, random: Random): Turn[] {
  const n = turns.length;
  const drawn: Turn[] = [];
  while (drawn.length < n) {
    const from = random.integer(n);
    for (let k = 0; k < block && drawn.length < n; k++) drawn.push(turns[(from + k) % n]);
  }
  return drawn;
}

function openSpan(turns: readonly Turn[]): number {
  let [now, end] = [0, 0];
  for (const { gap, took } of turns) {
    end = Math.max(end, now + took);
    now += gap;
  }
  return end;
}

/** Users take turns: the one that is free first takes the next request. `free` is a heap, the earliest on top. */
function closedSpan(turns: readonly Turn[], users: number): number {
  const free = new Float64Array(users);
  let end = 0;
  for (const { took } of turns) {
    const until = free[0] + took;
    end = Math.max(end, until);
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= users) break;
      const child = left + 1 < users && free[left + 1] < free[left] ? left + 1 : left;
      if (free[child] >= until) break;
      free[place] = free[child];
      place = child;
    }
    free[place] = until;
  }
  return end;
}

/** With the small-sample factor of n requests. */
function deviation(values: readonly number[], n: number): number {
  if (values.length < 2) return Infinity;
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const squares = values.reduce((sum, v) => sum + (v - mean) * (v - mean), 0);
  return Math.sqrt((squares / (values.length - 1)) * (n / (n - 1)));
}

/** Requests in flight: the most at once, and the mean from the first to the last that left. Starts ascend. */
export function inFlight(starts: readonly number[], ends: readonly number[]): { mean: number; peak: number } {
  const sorted = [...ends].sort((a, b) => a - b);
  let [peak, done] = [0, 0];
  starts.forEach((start, i) => {
    while (done < sorted.length && sorted[done] <= start) done++;
    peak = Math.max(peak, i + 1 - done);
  });
  const until = starts[starts.length - 1];
  const span = until - starts[0];
  let time = 0;
  starts.forEach((start, i) => (time += Math.max(0, Math.min(ends[i], until) - start)));
  return { mean: span > 0 ? time / span : peak, peak };
}
