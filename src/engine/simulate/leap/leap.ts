/**
 * The leap: decode steps one after another, at the price of a few additions each, until something happens that needs a look at
 * a sequence. This loop is where the simulator's speed comes from, so it keeps everything it touches in local variables.
 */
import type { CountedKv } from "../kv/counted.ts";
import { binOf, type GapHistogram } from "../record/histogram.ts";
import type { StepLog } from "../record/step-log.ts";
import type { DecodingBatch } from "./batch.ts";
import { NONE } from "./calendar.ts";
import type { DecodeTime } from "./decode-time.ts";

export class Leap {
  /** Set when the last leap ended because the next step needs more blocks than are free. */
  short = false;
  /** Set when the last leap ahead ended without a plan for the next step. */
  unplanned = false;
  readonly #batch: DecodingBatch;
  readonly #kv: CountedKv;
  readonly #time: DecodeTime;
  readonly #gaps: GapHistogram;
  readonly #log: StepLog | undefined;

  constructor(batch: DecodingBatch, kv: CountedKv, time: DecodeTime, gaps: GapHistogram, log: StepLog | undefined) {
    this.#batch = batch;
    this.#kv = kv;
    this.#time = time;
    this.#gaps = gaps;
    this.#log = log;
  }

  /**
   * The same where the next step is planned when a step starts. The step at `start` is planned, blocks and all. Ends before the
   * plan after a step in which someone is done, or for which blocks are short (`unplanned`), or once a step ends past `until`.
   */
  runAhead(start: number, until: number): number {
    const batch = this.#batch;
    const gaps = this.#gaps;
    const log = this.#log;
    const { size, growing, crossing } = batch;
    const { head, mask } = batch.ends;
    const { slope, windowedSlope } = this.#time;
    const { edges, count } = gaps;
    const { free } = this.#kv;
    const flat = this.#time.flat(size);
    const blockSize = growing.length;
    let { tick, contexts, windowed, below } = batch;
    let { bin } = gaps;
    let phase = tick % blockSize;
    let clock = start;
    let taken = 0;
    let longest = 0;
    let unplanned = false;
    do {
      const seconds = flat + slope * contexts + windowedSlope * windowed;
      clock += seconds;
      contexts += size;
      windowed += below;
      tick++;
      if (++phase === blockSize) phase = 0;
      const crossed = crossing[tick & mask] as number;
      if (crossed > 0) {
        below -= crossed;
        crossing[tick & mask] = 0;
      }
      if (seconds > (edges[bin] as number) || (bin > 0 && seconds <= (edges[bin - 1] as number))) bin = binOf(seconds);
      count[bin] = (count[bin] as number) + size;
      if (seconds > longest) longest = seconds;
      log?.add(tick, clock);
      const grown = taken + (growing[phase] as number);
      if (head[tick & mask] !== NONE || grown > free) {
        unplanned = true;
        break;
      }
      taken = grown;
    } while (clock < until);
    this.#kv.take(taken);
    gaps.bin = bin;
    gaps.sum += (clock - start) * size;
    if (longest > gaps.max) gaps.max = longest;
    batch.tick = tick;
    batch.contexts = contexts;
    batch.windowed = windowed;
    batch.below = below;
    this.unplanned = unplanned;
    return clock;
  }

  /** Steps from `start` until someone is done, a step ends past `until`, or blocks run short. Returns the new time. */
  run(start: number, until: number): number {
    const batch = this.#batch;
    const gaps = this.#gaps;
    const log = this.#log;
    const { size, growing, crossing } = batch;
    const { head, mask } = batch.ends;
    const { slope, windowedSlope } = this.#time;
    const { edges, count } = gaps;
    const { free } = this.#kv;
    const flat = this.#time.flat(size);
    const blockSize = growing.length;
    let { tick, contexts, windowed, below } = batch;
    let { bin } = gaps;
    let phase = tick % blockSize;
    let clock = start;
    let taken = 0;
    let longest = 0;
    let short = false;
    do {
      const grown = taken + (growing[phase] as number);
      if (grown > free) {
        short = true;
        break;
      }
      taken = grown;
      const seconds = flat + slope * contexts + windowedSlope * windowed;
      clock += seconds;
      contexts += size;
      windowed += below;
      tick++;
      if (++phase === blockSize) phase = 0;
      const crossed = crossing[tick & mask] as number;
      if (crossed > 0) {
        below -= crossed;
        crossing[tick & mask] = 0;
      }
      if (seconds > (edges[bin] as number) || (bin > 0 && seconds <= (edges[bin - 1] as number))) bin = binOf(seconds);
      count[bin] = (count[bin] as number) + size;
      if (seconds > longest) longest = seconds;
      log?.add(tick, clock);
    } while (head[tick & mask] === NONE && clock < until);
    this.#kv.take(taken);
    gaps.bin = bin;
    gaps.sum += (clock - start) * size;
    if (longest > gaps.max) gaps.max = longest;
    batch.tick = tick;
    batch.contexts = contexts;
    batch.windowed = windowed;
    batch.below = below;
    this.short = short;
    return clock;
  }
}
