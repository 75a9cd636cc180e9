/**
 * The default scheduler without visiting the batch: what `schedulers/vllm.ts` decides, at a cost that does not grow with the
 * number of sequences. Sequences are looked at when they are admitted, preempted or done; between such steps it leaps. A test
 * holds this file to the plain scheduler, step by step.
 */
import type { ResolvedServer } from "../../server.ts";
import type { StepFeatures } from "../../step/types.ts";
import type { CountedKv } from "../kv/counted.ts";
import { admitted, ended, finished, preempted, received } from "../lifecycle.ts";
import { StepPlan } from "../plan.ts";
import type { Recorder } from "../record/recorder.ts";
import { StepLog } from "../record/step-log.ts";
import type { Replica } from "../replicas/replica.ts";
import { RequestList } from "../request-list.ts";
import { stages, status, type Requests } from "../requests.ts";
import type { Setup } from "../setup.ts";
import { StepCost } from "../step-cost.ts";
import { WaitingQueue } from "../waiting.ts";
import { DecodingBatch } from "./batch.ts";
import { NONE } from "./calendar.ts";
import { DecodeTime } from "./decode-time.ts";
import { Leap } from "./leap.ts";

export class LeapReplica implements Replica {
  clock = 0;
  busy = 0;
  readonly ended = new RequestList();
  readonly waiting: WaitingQueue;
  readonly kv: CountedKv;
  readonly replica: number;
  readonly #requests: Requests;
  readonly #recorder: Recorder;
  readonly #limits: ResolvedServer["scheduler"];
  readonly #log: StepLog | undefined;
  readonly #batch: DecodingBatch;
  readonly #time: DecodeTime;
  readonly #leap: Leap;
  readonly #cost: StepCost;
  /** Prompts computed in the current step. */
  readonly #prompts: StepPlan;
  #interference = 0;
  /** The request whose prompt is half computed; it was admitted last. */
  #partial = NONE;
  /** Set when the head of the line cannot be admitted before someone leaves. */
  #blocked = false;
  #stuck = false;
  /** Planning ahead: a step is planned and has not run; whether it goes on with `#partial`; who leaves once the next is planned. */
  readonly #ahead: boolean;
  #pending = false;
  #continues = false;
  readonly #leaving = new RequestList();
  /** When each request was last admitted, in admissions. */
  readonly #turn: Uint32Array;
  #admissions = 0;

  constructor(setup: Setup, kv: CountedKv, replica: number) {
    const { server, requests, model, recorder } = setup;
    const { blockSize, maxNumSeqs } = server.scheduler;
    this.kv = kv;
    this.replica = replica;
    this.#requests = requests;
    this.#recorder = recorder;
    this.#limits = server.scheduler;
    this.waiting = new WaitingQueue(requests, "fcfs");
    this.#log = recorder.times && new StepLog();
    let longest = 1;
    for (let i = 0; i < requests.count; i++) longest = Math.max(longest, requests.output[i] as number);
    this.#batch = new DecodingBatch(maxNumSeqs, longest, blockSize, model.window ?? Infinity);
    this.#time = new DecodeTime(model, maxNumSeqs);
    this.#leap = new Leap(this.#batch, kv, this.#time, recorder.gaps, this.#log);
    this.#cost = new StepCost(model);
    this.#prompts = new StepPlan(maxNumSeqs, requests.capacity);
    this.#ahead = server.scheduler.asyncScheduling;
    this.#turn = new Uint32Array(this.#ahead ? requests.capacity : 0);
  }

  get features(): StepFeatures {
    return this.#cost.features;
  }
  get runningCount(): number {
    const planned = this.#pending ? this.#prompts.count - (this.#continues ? 1 : 0) : 0;
    return this.#batch.size + planned + (this.#partial === NONE ? 0 : 1);
  }
  get load(): number {
    return this.runningCount + this.waiting.size;
  }
  get idle(): boolean {
    return this.load === 0 && !this.#pending;
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
      ended(r, i, status.refused, now);
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
    this.ended.clear();
    while (this.clock < until && !this.idle) {
      if (this.#decodesOnly()) this.#decode(until);
      else this.#step();
      if (this.#stuck) return false;
      if (stopAtEnds && this.ended.length > 0) return true;
    }
    return true;
  }

  /** Writes what is still running into the columns, when a run ends early. */
  settle(): void {
    const r = this.#requests;
    this.#batch.forEach((slot) => {
      const i = this.#batch.request[slot] as number;
      r.generated[i] = (r.output[i] as number) - this.#batch.left(slot);
      r.last[i] = this.clock;
      this.#logTokens(slot);
    });
  }

  /** Whether nothing but an end, an arrival or a lack of blocks can interrupt those who decode. */
  #decodesOnly(): boolean {
    if (this.#partial !== NONE || this.#batch.size === 0 || (this.waiting.size > 0 && !this.#blocked)) return false;
    return !this.#ahead || (this.#pending && this.#prompts.count === 0);
  }

  /** Decode steps only, as many as nothing interrupts. */
  #decode(until: number): void {
    const start = this.clock;
    this.clock = this.#leap.run(start, until, this.#ahead);
    if (this.clock > start) {
      this.busy += this.clock - start;
      if (this.#recorder.timeline.due(this.replica)) {
        this.#setDecodes();
        this.#recorder.sample(this, this.clock);
      }
      this.#endDay();
    }
    if (!this.#ahead) {
      if (this.#leap.short) this.#step();
    } else if (this.#leap.unplanned) this.#planAhead();
  }

  /** One step with everything: growth with preemption, the half-computed prompt, admissions. */
  #step(): void {
    if (!this.#pending && !this.#plan()) return;
    this.#run();
    if (this.#ahead) this.#planAhead();
  }

  /** Plans the step that runs now; false when nothing can run. */
  #plan(): boolean {
    let short: boolean;
    do {
      // A plan in which the only thing that happens is a preemption takes no time; the next one goes on.
      short = this.#schedule();
    } while (!this.#pending && short);
    this.#stuck = !this.#pending && this.waiting.size > 0;
    return this.#pending;
  }

  /** The plan of the next step, made when the one that just ended began; then whoever ended in that gives way. */
  #planAhead(): void {
    this.#schedule();
    const leaving = this.#leaving;
    if (leaving.length === 0) return;
    for (let k = 0; k < leaving.length; k++) this.kv.release(leaving.at(k));
    leaving.clear();
    this.#blocked = false;
  }

  /** Who computes in the next step; true when someone was preempted for it. */
  #schedule(): boolean {
    this.#prompts.count = 0;
    this.#pending = this.#continues = false;
    const short = this.#growOrPreempt() || !this.#continuePrompt();
    if (!short) this.#admit();
    this.#pending = this.#batch.size > 0 || this.#prompts.count > 0;
    return short;
  }

  /** Runs the planned step. */
  #run(): void {
    this.#pending = false;
    const batch = this.#batch;
    const decoding = batch.size;
    const shown = this.#recorder.timeline.due(this.replica);
    const prompts = this.#prompts.count > 0;
    if (prompts || shown) this.#setDecodes();
    const seconds = prompts ? this.#promptsBeside() : this.#time.of(decoding, batch.contexts, batch.windowed);
    this.clock += seconds;
    this.busy += seconds;
    batch.advance();
    this.#log?.add(batch.tick, this.clock);
    if (decoding > 0) this.#recorder.gaps.add(seconds, decoding);
    this.#endDay();
    if (prompts) this.#endPrompts(seconds);
    else this.#partial = NONE;
    if (shown) this.#recorder.sample(this, this.clock);
  }

  /** Seconds of a step that computes prompts beside those who decode; what it costs these is written down. */
  #promptsBeside(): number {
    const prompts = this.#prompts;
    for (let k = 0; k < prompts.count; k++) {
      this.#cost.add(prompts.request[k] as number, prompts.tokens[k] as number, this.#requests);
    }
    const f = this.features;
    const decodes = f.tokens - f.prefillTokens;
    const alone = decodes > 0 ? this.#time.of(decodes, f.decodeContext, f.decodeContextWindowed) : 0;
    if (f.prefillTokens === 0) return alone;
    const seconds = this.#cost.seconds();
    if (decodes > 0) this.#interference += Math.max(0, seconds - alone);
    return seconds;
  }

  /** Blocks for the next token of everyone; where they are short, whoever was admitted last gives way (true). */
  #growOrPreempt(): boolean {
    const batch = this.#batch;
    let needed = batch.growing[batch.tick % this.#limits.blockSize] as number;
    let served = 0;
    let short = false;
    for (;;) {
      const now = Math.min(needed - served, this.kv.free);
      this.kv.take(now);
      served += now;
      if (served === needed) return short;
      short = true;
      if (this.#partial !== NONE) this.#dropPartial();
      else if (!this.#dropLeaving()) {
        if (batch.grows(batch.last)) needed--;
        this.#preempt(batch.last);
      }
    }
  }

  /** Takes the blocks of one who is done and does not know it yet, where that one was admitted last. */
  #dropLeaving(): boolean {
    const turn = this.#turn;
    let at = -1;
    let latest = this.#batch.last === NONE ? 0 : (turn[this.#batch.request[this.#batch.last] as number] as number);
    for (let k = 0; k < this.#leaving.length; k++) {
      const admission = turn[this.#leaving.at(k)] as number;
      if (admission <= latest) continue;
      latest = admission;
      at = k;
    }
    if (at < 0) return false;
    const i = this.#leaving.at(at);
    this.#leaving.removeAt(at);
    // Its last token is in flight, so the block that it fills has no content yet.
    const r = this.#requests;
    r.hashed[i] = (r.hashed[i] as number) - (r.inFlight[i] as number);
    this.kv.release(i);
    this.#blocked = false;
    return true;
  }

  /** The next chunk of the prompt that is half computed; false when it had to give way itself. */
  #continuePrompt(): boolean {
    const i = this.#partial;
    if (i === NONE) return true;
    const computed = this.#requests.computed[i] as number;
    const n = Math.min(this.#text(i) - computed, this.#limits.maxNumBatchedTokens - this.#batch.size);
    if (n <= 0) return true;
    if (!this.kv.grow(i, computed + n)) {
      this.#dropPartial();
      return false;
    }
    this.#prompts.add(i, n);
    this.#continues = true;
    return true;
  }

  /** Moves the waiting line for as long as there are tokens, places and blocks. */
  #admit(): void {
    const { kv, waiting } = this;
    const r = this.#requests;
    const { maxNumSeqs, maxNumBatchedTokens, enableChunkedPrefill } = this.#limits;
    let budget = maxNumBatchedTokens - this.#batch.size;
    if (this.#prompts.count > 0) budget -= this.#prompts.tokens[0] as number;
    let running = this.runningCount + this.#leaving.length;
    this.#blocked = false;
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
          this.#blocked = n > maxNumBatchedTokens;
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
      if (this.#ahead) this.#turn[i] = ++this.#admissions;
      admitted(r, i, this.clock, cached);
      this.#prompts.add(i, n);
      budget -= n;
    }
  }

  /** Prompts that are complete now give a token, and decode from the next step on. */
  #endPrompts(span: number): void {
    const r = this.#requests;
    const { clock } = this;
    this.#partial = NONE;
    for (let k = 0; k < this.#prompts.count; k++) {
      const i = this.#prompts.request[k] as number;
      const n = this.#prompts.tokens[k] as number;
      const computed = r.computed[i] as number;
      const text = this.#text(i);
      const before = r.generated[i] as number;
      if (before === 0) {
        const alone = this.#cost.promptSeconds(computed, n, computed + n === text);
        r.prefill[i] = (r.prefill[i] as number) + Math.min(span, alone);
      }
      r.computed[i] = r.hashed[i] = computed + n;
      if (computed + n < text) {
        this.#partial = i;
        continue;
      }
      r.generated[i] = before + 1;
      if (before > 0) this.#recorder.gaps.add(clock - (r.last[i] as number), 1);
      received(r, i, before, clock, this.#interference);
      const left = (r.output[i] as number) - before - 1;
      if (left <= 0) {
        this.#recorder.times?.add(i, before, 1, clock);
        r.inFlight[i] = 0;
        this.#end(i);
      } else this.#batch.add(i, text, left);
    }
  }

  /** Everyone whose last token came with this step leaves. */
  #endDay(): void {
    const { ends, tick } = this.#batch;
    for (let slot = ends.first(tick); slot !== NONE; slot = ends.first(tick)) {
      this.#leave(slot);
      const i = this.#batch.request[slot] as number;
      this.#requests.inFlight[i] = 1;
      this.#end(i);
    }
  }

  #end(i: number): void {
    const r = this.#requests;
    r.last[i] = this.clock;
    finished(r, i, this.clock, this.#interference);
    this.ended.push(i);
    if (this.#ahead) {
      this.#leaving.push(i);
      return;
    }
    this.kv.release(i);
    this.#blocked = false;
  }

  /** Takes a slot out of the batch and writes its state into the request's columns. */
  #leave(slot: number): void {
    const r = this.#requests;
    const batch = this.#batch;
    const i = batch.request[slot] as number;
    const context = batch.context(slot);
    r.computed[i] = r.hashed[i] = context;
    r.generated[i] = (r.output[i] as number) - batch.left(slot);
    r.blocks[i] = Math.ceil(context / this.#limits.blockSize);
    this.#logTokens(slot);
    batch.remove(slot);
  }

  #preempt(slot: number): void {
    const i = this.#batch.request[slot] as number;
    const fresh = this.#batch.begun[slot] === this.#batch.tick;
    this.#leave(slot);
    this.#requests.last[i] = this.clock;
    if (this.#ahead && !fresh) this.#requests.hashed[i] = (this.#requests.hashed[i] as number) - 1;
    this.#giveBack(i);
  }

  #dropPartial(): void {
    const i = this.#partial;
    this.#partial = NONE;
    this.#requests.hashed[i] = this.#requests.computed[i] as number;
    this.#giveBack(i);
  }

  #giveBack(i: number): void {
    this.kv.release(i);
    preempted(this.#requests, i, this.clock, this.#interference);
    this.#blocked = false;
    this.waiting.prepend(i);
  }

  #setDecodes(): void {
    const { size, contexts, windowed } = this.#batch;
    this.#cost.setDecodes(size, contexts, windowed);
  }

  #text(i: number): number {
    return (this.#requests.prompt[i] as number) + (this.#requests.generated[i] as number);
  }

  #logTokens(slot: number): void {
    if (!this.#log) return;
    const times = this.#log.between(this.#batch.begun[slot] as number, this.#batch.tick);
    this.#recorder.times?.addAll(this.#batch.request[slot] as number, times);
  }
}
