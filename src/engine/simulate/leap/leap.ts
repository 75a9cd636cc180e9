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
   * Steps from `start`; returns the new time. Ends when someone is done, when blocks for the next step run short (`short`), or once a
   * step ends past `until`. Where the next step is planned as a step starts (`ahead`), the first one is planned, blocks and all; the
   * plan after a step in which someone is done, or for which blocks are short, is left to the caller (`unplanned`), and one
   * that is made is kept even past `until`.
   */
  run(start: number, until: number, ahead: boolean): number {
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
    let longest = 0;
    let taken = ahead ? 0 : (growing[phase] as number);
    let short = taken > free;
    let unplanned = short;
    if (short) taken = 0;
    else {
      for (;;) {
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
        if (seconds > (edges[bin] as number) || (bin > 0 && seconds <= (edges[bin - 1] as number)))
          bin = binOf(seconds);
        count[bin] = (count[bin] as number) + size;
        if (seconds > longest) longest = seconds;
        log?.add(tick, clock);
        if (head[tick & mask] !== NONE) {
          unplanned = true;
          break;
        }
        if (!ahead && clock >= until) break;
        const grown = taken + (growing[phase] as number);
        if (grown > free) {
          short = unplanned = true;
          break;
        }
        taken = grown;
        if (clock >= until) break;
      }
    }
    this.#kv.take(taken);
    gaps.bin = bin;
    gaps.sum += (clock - start) * size;
    if (longest > gaps.max) gaps.max = longest;
    batch.tick = tick;
    batch.contexts = contexts;
    batch.windowed = windowed;
    batch.below = below;
    this.short = short;
    this.unplanned = unplanned;
    return clock;
  }
}
