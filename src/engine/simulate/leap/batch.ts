/**
 * The sequences that decode, kept so that a step needs to look at none of them. When one starts, three things are written down:
 * the step of its last token (`ends`), in which of a block's steps it needs a new block (`growing`), and the step from which its
 * context fills the attention window (`crossing`). The sum of contexts then grows by the number of sequences a step.
 */
import { Calendar, NONE } from "./calendar.ts";

export class DecodingBatch {
  /** Steps done; a slot's context is `tick + base[slot]`. */
  tick = 0;
  size = 0;
  /** Sums over the batch: contexts, and contexts cut at the window. */
  contexts = 0;
  windowed = 0;
  /** Sequences whose context is still shorter than the window. */
  below = 0;
  /** The sequence admitted last; NONE in an empty batch. */
  last = NONE;
  readonly ends: Calendar;
  /** How many need a block in each step of a block, by `tick % blockSize`. */
  readonly growing: Int32Array;
  /** How many reach the window in each step, by `tick & ends.mask`. */
  readonly crossing: Int32Array;
  readonly request: Int32Array;
  /** The step that gave a slot its first token here, and the step of its last. */
  readonly begun: Int32Array;
  readonly finish: Int32Array;
  readonly #base: Int32Array;
  /** The step of a block, by `tick % blockSize`, in which a slot's context is a whole number of blocks. */
  readonly #phase: Int32Array;
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  readonly #free: Int32Array;
  #freeCount: number;
  #first = NONE;
  readonly #window: number;
  readonly #blockSize: number;

  /** `longest` bounds the tokens of an answer; `window` is Infinity for a model that looks at everything. */
  constructor(slots: number, longest: number, blockSize: number, window: number) {
    const column = (): Int32Array => new Int32Array(slots);
    this.request = column();
    this.begun = column();
    this.finish = column();
    this.#base = column();
    this.#phase = column();
    this.#before = column();
    this.#after = column();
    this.#free = Int32Array.from({ length: slots }, (_, k) => slots - 1 - k);
    this.#freeCount = slots;
    this.ends = new Calendar(slots, longest);
    this.growing = new Int32Array(blockSize);
    this.crossing = new Int32Array(this.ends.mask + 1);
    this.#window = window;
    this.#blockSize = blockSize;
  }

  /** A request of `context` tokens decodes from the next step on and has `tokens` to go. */
  add(request: number, context: number, tokens: number): void {
    const { tick, last } = this;
    const slot = this.#free[--this.#freeCount] as number;
    this.request[slot] = request;
    this.#base[slot] = context - tick;
    const phase = (tick % this.#blockSize) - (context % this.#blockSize);
    this.#phase[slot] = phase < 0 ? phase + this.#blockSize : phase;
    this.begun[slot] = tick;
    this.finish[slot] = tick + tokens;
    this.#after[slot] = NONE;
    this.#before[slot] = last;
    if (last === NONE) this.#first = slot;
    else this.#after[last] = slot;
    this.last = slot;
    this.ends.add(slot, tick + tokens);
    this.#count(slot, context, 1);
  }

  /** A slot leaves. */
  remove(slot: number): void {
    const before = this.#before[slot] as number;
    const after = this.#after[slot] as number;
    if (before === NONE) this.#first = after;
    else this.#after[before] = after;
    if (after === NONE) this.last = before;
    else this.#before[after] = before;
    this.ends.remove(slot, this.finish[slot] as number);
    this.#count(slot, this.context(slot), -1);
    this.#free[this.#freeCount++] = slot;
  }

  /** Everyone computes one token. */
  advance(): void {
    this.tick++;
    this.contexts += this.size;
    this.windowed += this.below;
    const day = this.tick & this.ends.mask;
    this.below -= this.crossing[day] as number;
    this.crossing[day] = 0;
  }

  context(slot: number): number {
    return this.tick + (this.#base[slot] as number);
  }

  /** Tokens that a slot still has to get. */
  left(slot: number): number {
    return (this.finish[slot] as number) - this.tick;
  }

  /** Whether a slot needs a block in the next step. */
  grows(slot: number): boolean {
    return this.context(slot) % this.#blockSize === 0;
  }

  /** Calls `visit` with each slot, in order of admission. */
  forEach(visit: (slot: number) => void): void {
    for (let slot = this.#first; slot !== NONE; slot = this.#after[slot] as number) visit(slot);
  }

  /** Adds a slot to (+1) or takes it out of (−1) every sum. */
  #count(slot: number, context: number, sign: number): void {
    this.size += sign;
    this.contexts += sign * context;
    const phase = this.#phase[slot] as number;
    this.growing[phase] = (this.growing[phase] as number) + sign;
    if (context >= this.#window) {
      this.windowed += sign * this.#window;
      return;
    }
    this.windowed += sign * context;
    this.below += sign;
    const crosses = this.#window - (this.#base[slot] as number);
    if (crosses > (this.finish[slot] as number)) return;
    const day = crosses & this.ends.mask;
    this.crossing[day] = (this.crossing[day] as number) + sign;
  }
}
