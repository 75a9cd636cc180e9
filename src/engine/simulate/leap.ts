/**
 * The default scheduler without visiting the batch: what `schedulers/vllm.ts` decides, at a cost that does not grow with the
 * number of sequences.
 *
 * Three facts make it exact. A decoding sequence takes part in every step, so the step of its last token is known when it
 * starts (`#finishing`, a calendar by step). It needs a new block every `blockSize` steps, so it is enough to know how many do
 * in each phase (`#growing`). And a decode step's time is affine in the sum of contexts, which grows by the batch. Sequences are
 * looked at when they are admitted, preempted or done. A test holds this file to the plain scheduler, step by step.
 */
import type { ResolvedServer } from "../server.ts";
import type { StepFeatures, StepModel } from "../step/types.ts";
import type { Setup } from "./build.ts";
import { addDecode, addPrefill, emptyFeatures, resetFeatures } from "./features.ts";
import { binOf } from "./record/histogram.ts";
import type { CountedKv } from "./kv/counted.ts";
import type { Recorder } from "./record/recorder.ts";
import type { Replica } from "./replicas/replica.ts";
import { stages, status, type Requests } from "./requests.ts";
import { StepLog } from "./record/step-log.ts";
import { WaitingQueue } from "./waiting.ts";

const NONE = -1;
/** Longest answer that the calendar has room for, tokens. */
const LONGEST = 1 << 20;

/** Whether a server and its load leave nothing that needs every sequence looked at in every step. */
export function canLeap(setup: Setup): boolean {
  const { server, requests, segments, policy } = setup;
  const { scheduler } = server;
  if (policy || server.batching !== "continuous" || server.kvAllocator !== "paged") return false;
  if (server.speculation || server.pauses || server.disaggregated || setup.model.window !== undefined) return false;
  if (server.expertParallel > 1 && server.dataParallel > 1) return false;
  if (scheduler.policy !== "fcfs" || scheduler.longPrefillTokenThreshold > 0 || scheduler.timeout !== undefined)
    return false;
  if (scheduler.maxNumSeqs > scheduler.maxNumBatchedTokens) return false;
  if (segments && scheduler.enablePrefixCaching) return false;
  for (let i = 0; i < requests.count; i++) {
    if ((requests.output[i] as number) > LONGEST || requests.cancels[i] === 1) return false;
  }
  return true;
}

export class LeapReplica implements Replica {
  clock = 0;
  busy = 0;
  readonly ended: number[] = [];
  readonly features: StepFeatures = emptyFeatures();
  readonly waiting: WaitingQueue;
  readonly kv: CountedKv;
  readonly replica: number;
  readonly #requests: Requests;
  readonly #model: StepModel;
  readonly #recorder: Recorder;
  readonly #limits: ResolvedServer["scheduler"];
  readonly #blockSize: number;
  readonly #log: StepLog | undefined;
  readonly #alone: StepFeatures = emptyFeatures();

  /** Steps done; a decoding slot's context is `#tick + #base[slot]`. */
  #tick = 0;
  #decoding = 0;
  #contexts = 0;
  #interference = 0;
  /** The request whose prompt is half computed, and how far; it was admitted last. */
  #partial = NONE;
  /** Set when the head of the line cannot be admitted before someone leaves. */
  #blocked = false;
  #stuck = false;

  // Decoding sequences live in slots. Running order is a linked list; so is each day of the calendar.
  readonly #request: Int32Array;
  readonly #base: Int32Array;
  readonly #begun: Int32Array;
  readonly #finish: Int32Array;
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  readonly #dayBefore: Int32Array;
  readonly #dayAfter: Int32Array;
  readonly #freeSlots: Int32Array;
  #freeCount: number;
  #firstSlot = NONE;
  #lastSlot = NONE;
  readonly #growing: Int32Array;
  readonly #dayHead: Int32Array;
  readonly #dayTail: Int32Array;
  readonly #dayMask: number;

  /** Seconds of a decode step of each batch size at context 0, and per token of context. */
  readonly #flat: Float64Array;
  readonly #slope: number;

  // Prompts computed in the current step.
  readonly #prompts: Int32Array;
  readonly #promptTokens: Int32Array;
  #promptCount = 0;

  constructor(setup: Setup, kv: CountedKv, replica: number) {
    const { server, requests, model, recorder } = setup;
    this.kv = kv;
    this.replica = replica;
    this.#requests = requests;
    this.#model = model;
    this.#recorder = recorder;
    this.#limits = server.scheduler;
    this.#blockSize = server.scheduler.blockSize;
    this.waiting = new WaitingQueue(requests, "fcfs");
    this.#log = recorder.times && new StepLog();
    const slots = server.scheduler.maxNumSeqs;
    const column = (): Int32Array => new Int32Array(slots);
    this.#request = column();
    this.#base = column();
    this.#begun = column();
    this.#finish = column();
    this.#before = column();
    this.#after = column();
    this.#dayBefore = column();
    this.#dayAfter = column();
    this.#freeSlots = Int32Array.from({ length: slots }, (_, k) => slots - 1 - k);
    this.#freeCount = slots;
    this.#growing = new Int32Array(this.#blockSize);
    let longest = 1;
    for (let i = 0; i < requests.count; i++) longest = Math.max(longest, requests.output[i] as number);
    let days = 16;
    while (days <= longest) days *= 2;
    this.#dayHead = new Int32Array(days).fill(NONE);
    this.#dayTail = new Int32Array(days).fill(NONE);
    this.#dayMask = days - 1;
    this.#flat = new Float64Array(slots + 1).fill(NaN);
    this.#prompts = column();
    this.#promptTokens = column();
    const far = 1 << 24;
    this.#decodeFeatures(1, 0);
    const near = model.seconds(this.features);
    this.#decodeFeatures(1, far);
    this.#slope = (model.seconds(this.features) - near) / far;
  }

  get runningCount(): number {
    return this.#decoding + (this.#partial === NONE ? 0 : 1);
  }
  get load(): number {
    return this.runningCount + this.waiting.size;
  }
  get idle(): boolean {
    return this.#decoding === 0 && this.#partial === NONE && this.waiting.size === 0;
  }
  get stuckOn(): number {
    return this.waiting.size > 0 ? this.waiting.at(0) : this.#partial;
  }

  submit(i: number, now: number): boolean {
    const r = this.#requests;
    r.arrived[i] = now;
    r.replica[i] = this.replica;
    const room = (this.#limits.maxModelLen ?? Infinity) - (r.prompt[i] as number);
    if (room < 1 || this.waiting.size >= (this.#limits.maxWaiting ?? Infinity)) {
      r.stage[i] = stages.ended;
      r.status[i] = status.refused;
      r.closed[i] = now;
      return false;
    }
    if ((r.output[i] as number) > room) r.output[i] = room;
    if (now > this.clock && this.idle) this.clock = now;
    if (this.waiting.size === 0) this.#blocked = false;
    r.stage[i] = stages.waiting;
    this.waiting.append(i);
    return true;
  }

  advance(until: number, stopAtEnds: boolean): boolean {
    this.ended.length = 0;
    while (this.clock < until && !this.idle) {
      if (this.#partial === NONE && this.#decoding > 0 && (this.#blocked || this.waiting.size === 0)) {
        if (this.#decodeOnly(until)) this.#step();
      } else this.#step();
      if (this.#stuck) return false;
      if (stopAtEnds && this.ended.length > 0) return true;
    }
    return true;
  }

  /** Writes what is still running into the columns, when a run ends early. */
  settle(): void {
    const r = this.#requests;
    for (let slot = this.#firstSlot; slot !== NONE; slot = this.#after[slot] as number) {
      const i = this.#request[slot] as number;
      r.generated[i] = this.#generated(slot);
      r.last[i] = this.clock;
      this.#logTokens(slot);
    }
  }

  /** Decode steps until someone is done, `until` is reached, or (true) blocks run short. */
  #decodeOnly(until: number): boolean {
    const { kv } = this;
    const { gaps } = this.#recorder;
    const batch = this.#decoding;
    const flat = this.#flatSeconds(batch);
    const slope = this.#slope;
    const growing = this.#growing;
    const size = this.#blockSize;
    const dayHead = this.#dayHead;
    const mask = this.#dayMask;
    const { edges, count } = gaps;
    const log = this.#log;
    const start = this.clock;
    const { free } = kv;
    let { bin } = gaps;
    let tick = this.#tick;
    let clock = start;
    let contexts = this.#contexts;
    let taken = 0;
    let phase = tick % size;
    let seconds = 0;
    let longest = 0;
    let short = false;
    do {
      const grown = taken + (growing[phase] as number);
      if (grown > free) {
        short = true;
        break;
      }
      taken = grown;
      seconds = flat + slope * contexts;
      clock += seconds;
      contexts += batch;
      tick++;
      if (++phase === size) phase = 0;
      if (seconds > (edges[bin] as number) || (bin > 0 && seconds <= (edges[bin - 1] as number))) bin = binOf(seconds);
      count[bin] = (count[bin] as number) + batch;
      if (seconds > longest) longest = seconds;
      log?.add(tick, clock);
    } while (dayHead[tick & mask] === NONE && clock < until);
    kv.take(taken);
    gaps.bin = bin;
    gaps.sum += (clock - start) * batch;
    if (longest > gaps.max) gaps.max = longest;
    this.busy += clock - start;
    this.#tick = tick;
    this.clock = clock;
    this.#contexts = contexts;
    if (clock > start) {
      if (this.#recorder.timeline.due(this.replica)) {
        this.#decodeFeatures(batch, contexts);
        this.#recorder.sample(this, clock);
      }
      this.#endDay();
    }
    return short;
  }

  /** One step with everything: growth with preemption, the half-computed prompt, admissions. */
  #step(): void {
    this.#promptCount = 0;
    const preempted = this.#growOrPreempt();
    const decoding = this.#decoding;
    let budget = this.#limits.maxNumBatchedTokens - decoding;
    const half = this.#partial;
    const lost = half !== NONE && !preempted && !this.#continuePrompt(half, budget);
    if (half !== NONE && !preempted && !lost) budget -= this.#promptTokens[0] as number;
    if (!preempted && !lost) this.#admit(budget);
    if (decoding === 0 && this.#promptCount === 0) {
      this.#stuck = this.waiting.size > 0 && !preempted && !lost;
      return;
    }
    const start = this.clock;
    this.#planFeatures(decoding);
    const { features: f } = this;
    const decodes = f.tokens - f.prefillTokens;
    const alone = decodes > 0 ? this.#flatSeconds(decodes) + this.#slope * f.decodeContext : 0;
    const seconds = f.prefillTokens > 0 ? this.#model.seconds(f) : alone;
    if (f.prefillTokens > 0 && decodes > 0) this.#interference += Math.max(0, seconds - alone);
    const end = start + seconds;
    this.clock = end;
    this.busy += seconds;
    this.#contexts += decoding;
    this.#tick++;
    this.#log?.add(this.#tick, end);
    if (decoding > 0) this.#recorder.gaps.add(seconds, decoding);
    this.#endDay();
    this.#endPrompts(seconds);
    if (this.#recorder.timeline.due(this.replica)) this.#recorder.sample(this, end);
  }

  /** Blocks for the next token of everyone; where they are short, whoever was admitted last gives way. */
  #growOrPreempt(): boolean {
    const phase = this.#tick % this.#blockSize;
    let needed = this.#growing[phase] as number;
    let served = 0;
    let preempted = false;
    while (served < needed) {
      const now = Math.min(needed - served, this.kv.free);
      this.kv.take(now);
      served += now;
      if (served === needed) break;
      preempted = true;
      if (this.#partial !== NONE) {
        this.#dropPartial();
        continue;
      }
      const last = this.#lastSlot;
      const grows = (this.#tick + (this.#base[last] as number)) % this.#blockSize === 0;
      this.#preempt(last);
      if (grows) needed--;
    }
    return preempted;
  }

  /** The next chunk of the prompt that is half computed; false when it had to give way itself. */
  #continuePrompt(i: number, budget: number): boolean {
    const r = this.#requests;
    const computed = r.computed[i] as number;
    const n = Math.min(this.#text(i) - computed, budget);
    if (n <= 0) return true;
    if (!this.kv.grow(i, computed + n)) {
      this.#dropPartial();
      return false;
    }
    this.#planPrompt(i, n);
    return true;
  }

  #admit(budget: number): void {
    const { kv, waiting } = this;
    const r = this.#requests;
    const { maxNumSeqs, enableChunkedPrefill } = this.#limits;
    this.#blocked = false;
    let running = this.#decoding + (this.#partial === NONE ? 0 : 1);
    while (waiting.size > 0 && budget > 0) {
      if (running >= maxNumSeqs) {
        this.#blocked = true;
        return;
      }
      const i = waiting.at(0);
      const text = this.#text(i);
      const cached = kv.lookup(i, text - 1);
      let n = text - cached;
      if (n > budget) {
        if (!enableChunkedPrefill) {
          this.#blocked = n > this.#limits.maxNumBatchedTokens;
          return;
        }
        n = budget;
      }
      const whole = (r.prompt[i] as number) + (r.output[i] as number) - 1;
      if (!kv.everFits(i, whole) || !kv.admit(i, cached, cached + n, text)) {
        this.#blocked = true;
        return;
      }
      waiting.shift();
      running++;
      this.#enter(i, cached);
      this.#planPrompt(i, n);
      budget -= n;
    }
  }

  #enter(i: number, cached: number): void {
    const r = this.#requests;
    r.stage[i] = stages.running;
    r.computed[i] = cached;
    if (r.admitted[i] !== r.admitted[i]) {
      r.admitted[i] = this.clock;
      r.queue[i] = this.clock - (r.arrived[i] as number);
      r.cached[i] = cached;
    } else if (r.generated[i] === 0 && r.lostAt[i] === r.lostAt[i]) {
      r.preemption[i] = this.clock - (r.admitted[i] as number);
      r.lostAt[i] = NaN;
    }
  }

  #planPrompt(i: number, n: number): void {
    this.#prompts[this.#promptCount] = i;
    this.#promptTokens[this.#promptCount++] = n;
  }

  #planFeatures(decoding: number): void {
    const r = this.#requests;
    this.#decodeFeatures(decoding, this.#contexts);
    for (let k = 0; k < this.#promptCount; k++) {
      const i = this.#prompts[k] as number;
      const n = this.#promptTokens[k] as number;
      const computed = r.computed[i] as number;
      const left = this.#text(i) - computed;
      // A request that lost its blocks and found all but its last token again just decodes.
      if (left === 1 && (r.generated[i] as number) > 0) addDecode(this.features, computed, n, Infinity);
      else addPrefill(this.features, computed, n, n === left, Infinity);
    }
  }

  /** Prompts that are complete now give a token, and decode from the next step on. */
  #endPrompts(span: number): void {
    const r = this.#requests;
    const { clock } = this;
    this.#partial = NONE;
    for (let k = 0; k < this.#promptCount; k++) {
      const i = this.#prompts[k] as number;
      const n = this.#promptTokens[k] as number;
      const computed = r.computed[i] as number;
      const text = this.#text(i);
      const before = r.generated[i] as number;
      if (before === 0) {
        resetFeatures(this.#alone);
        addPrefill(this.#alone, computed, n, computed + n === text, Infinity);
        r.prefill[i] = (r.prefill[i] as number) + Math.min(span, this.#model.seconds(this.#alone));
      }
      r.computed[i] = computed + n;
      if (computed + n < text) {
        this.#partial = i;
        continue;
      }
      r.generated[i] = before + 1;
      if (before === 0) r.first[i] = clock;
      else {
        this.#recorder.gaps.add(clock - (r.last[i] as number), 1);
        r.decodePreemption[i] = (r.decodePreemption[i] as number) + clock - (r.lostAt[i] as number);
        r.lostAt[i] = NaN;
      }
      r.last[i] = clock;
      r.interferenceMark[i] = this.#interference;
      if (before + 1 >= (r.output[i] as number)) {
        this.#recorder.times?.add(i, before, 1, clock);
        this.#end(i);
      } else this.#begin(i, text);
    }
  }

  /** A sequence of `context` tokens decodes from the next step on. */
  #begin(i: number, context: number): void {
    const r = this.#requests;
    const slot = this.#freeSlots[--this.#freeCount] as number;
    this.#request[slot] = i;
    this.#base[slot] = context - this.#tick;
    this.#begun[slot] = this.#tick;
    this.#after[slot] = NONE;
    this.#before[slot] = this.#lastSlot;
    if (this.#lastSlot === NONE) this.#firstSlot = slot;
    else this.#after[this.#lastSlot] = slot;
    this.#lastSlot = slot;
    const finish = this.#tick + (r.output[i] as number) - (r.generated[i] as number);
    this.#finish[slot] = finish;
    const day = finish & this.#dayMask;
    const tail = this.#dayTail[day] as number;
    this.#dayBefore[slot] = tail;
    this.#dayAfter[slot] = NONE;
    if (tail === NONE) this.#dayHead[day] = slot;
    else this.#dayAfter[tail] = slot;
    this.#dayTail[day] = slot;
    this.#decoding++;
    this.#contexts += context;
    const phase = this.#phase(slot);
    this.#growing[phase] = (this.#growing[phase] as number) + 1;
  }

  /** Everyone whose last token came with this step leaves. */
  #endDay(): void {
    const day = this.#tick & this.#dayMask;
    let slot = this.#dayHead[day] as number;
    while (slot !== NONE) {
      const next = this.#dayAfter[slot] as number;
      this.#leave(slot);
      this.#end(this.#request[slot] as number);
      slot = next;
    }
  }

  #end(i: number): void {
    const r = this.#requests;
    r.generated[i] = r.output[i] as number;
    r.last[i] = this.clock;
    r.closed[i] = this.clock;
    r.stage[i] = stages.ended;
    r.status[i] = status.succeeded;
    r.decodeInterference[i] =
      (r.decodeInterference[i] as number) + this.#interference - (r.interferenceMark[i] as number);
    this.kv.release(i);
    this.#blocked = false;
    this.ended.push(i);
  }

  /** Takes a slot out of the batch and writes its state into the request's columns. */
  #leave(slot: number): void {
    const r = this.#requests;
    const i = this.#request[slot] as number;
    const context = this.#tick + (this.#base[slot] as number);
    r.computed[i] = context;
    r.generated[i] = this.#generated(slot);
    r.blocks[i] = Math.ceil(context / this.#blockSize);
    this.#logTokens(slot);
    const before = this.#before[slot] as number;
    const after = this.#after[slot] as number;
    if (before === NONE) this.#firstSlot = after;
    else this.#after[before] = after;
    if (after === NONE) this.#lastSlot = before;
    else this.#before[after] = before;
    const day = (this.#finish[slot] as number) & this.#dayMask;
    const dayBefore = this.#dayBefore[slot] as number;
    const dayAfter = this.#dayAfter[slot] as number;
    if (dayBefore === NONE) this.#dayHead[day] = dayAfter;
    else this.#dayAfter[dayBefore] = dayAfter;
    if (dayAfter === NONE) this.#dayTail[day] = dayBefore;
    else this.#dayBefore[dayAfter] = dayBefore;
    const phase = this.#phase(slot);
    this.#growing[phase] = (this.#growing[phase] as number) - 1;
    this.#decoding--;
    this.#contexts -= context;
    this.#freeSlots[this.#freeCount++] = slot;
  }

  #preempt(slot: number): void {
    const r = this.#requests;
    const i = this.#request[slot] as number;
    this.#leave(slot);
    r.last[i] = this.clock;
    r.lostAt[i] = this.clock;
    r.decodeInterference[i] =
      (r.decodeInterference[i] as number) + this.#interference - (r.interferenceMark[i] as number);
    this.#giveBack(i);
  }

  #dropPartial(): void {
    const i = this.#partial;
    this.#partial = NONE;
    const r = this.#requests;
    if (r.generated[i] === 0) {
      r.prefill[i] = 0;
      r.lostAt[i] = this.clock;
    }
    this.#giveBack(i);
  }

  #giveBack(i: number): void {
    const r = this.#requests;
    this.kv.release(i);
    r.computed[i] = 0;
    r.stage[i] = stages.waiting;
    r.preemptions[i] = (r.preemptions[i] as number) + 1;
    this.#blocked = false;
    this.waiting.prepend(i);
  }

  /** The step of a block, counted by `#tick`, at which a slot needs one more. */
  #phase(slot: number): number {
    const rest = (this.#base[slot] as number) % this.#blockSize;
    return rest === 0 ? 0 : rest > 0 ? this.#blockSize - rest : -rest;
  }

  #generated(slot: number): number {
    const output = this.#requests.output[this.#request[slot] as number] as number;
    return output - ((this.#finish[slot] as number) - this.#tick);
  }

  #text(i: number): number {
    return (this.#requests.prompt[i] as number) + (this.#requests.generated[i] as number);
  }

  #logTokens(slot: number): void {
    if (!this.#log) return;
    const times = this.#log.between(this.#begun[slot] as number, this.#tick);
    this.#recorder.times?.addAll(this.#request[slot] as number, times);
  }

  #decodeFeatures(batch: number, contexts: number): void {
    const f = this.features;
    resetFeatures(f);
    f.tokens = f.sequences = f.sampled = batch;
    f.decodeContext = f.decodeContextWindowed = contexts;
  }

  #flatSeconds(batch: number): number {
    const known = this.#flat[batch] as number;
    if (known === known) return known;
    const f = this.#alone;
    resetFeatures(f);
    f.tokens = f.sequences = f.sampled = batch;
    return (this.#flat[batch] = this.#model.seconds(f));
  }
}
