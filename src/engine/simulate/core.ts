/**
 * One engine: the state that a scheduling policy works on, and the step that carries out what it planned.
 *
 * A step is: drop what was given up → let the policy plan (who computes how many tokens) → ask the step model how long it takes
 * → let everyone's tokens count. Requests that have caught up with their text emit a token.
 */
import type { ResolvedServer } from "../server.ts";
import type { StepFeatures, StepModel } from "../step/types.ts";
import type { KvCache } from "./kv/cache.ts";
import { admitted, ended, finished, preempted, received } from "./lifecycle.ts";
import { larger, StepPlan } from "./plan.ts";
import type { Pauses } from "./effects/pauses.ts";
import type { Recorder } from "./record/recorder.ts";
import { stages, status, type Requests } from "./requests.ts";
import type { Speculation } from "./effects/speculation.ts";
import { StepCost } from "./step-cost.ts";
import { WaitingQueue } from "./waiting.ts";

/** Plans one step: calls `admit`, `preempt` and `plan` on the core. */
export type Scheduler = (core: Core) => void;

export interface CoreOptions {
  readonly server: ResolvedServer;
  readonly model: StepModel;
  readonly requests: Requests;
  readonly kv: KvCache;
  readonly schedule: Scheduler;
  readonly recorder: Recorder;
  readonly replica: number;
  readonly pauses: Pauses;
  readonly speculation?: Speculation;
  /** Set on a prefill-only engine: a request leaves with its first token, and its blocks stay until taken. */
  readonly handOff?: boolean;
}

export class Core {
  readonly requests: Requests;
  readonly kv: KvCache;
  readonly limits: ResolvedServer["scheduler"];
  readonly maxModelLen: number;
  readonly waiting: WaitingQueue;
  /** In order of admission. */
  running: Int32Array;
  runningCount = 0;
  /** Draft tokens a decoding request carries into a step. */
  readonly draftTokens: number;
  /** Seconds: when the next step can start. */
  clock = 0;
  /** Steps done. */
  steps = 0;
  /** Requests that ended in the last step, in order. */
  readonly ended: number[] = [];
  /** Tokens emitted in the last step, request by request. */
  emitted: Int32Array;
  emittedTokens: Int32Array;
  emittedCount = 0;
  readonly planned: StepPlan;
  preemptions = 0;
  busy = 0;
  readonly replica: number;
  readonly #options: CoreOptions;
  readonly #cost: StepCost;
  #interference = 0;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.requests = options.requests;
    this.kv = options.kv;
    this.limits = options.server.scheduler;
    this.maxModelLen = this.limits.maxModelLen ?? Infinity;
    this.replica = options.replica;
    this.waiting = new WaitingQueue(options.requests, this.limits.policy);
    this.draftTokens = options.speculation?.draftTokens ?? 0;
    this.#cost = new StepCost(options.model);
    const most = this.limits.maxNumSeqs + 1;
    this.running = new Int32Array(most);
    this.emitted = new Int32Array(most);
    this.emittedTokens = new Int32Array(most);
    this.planned = new StepPlan(most, options.requests.capacity);
  }

  get features(): StepFeatures {
    return this.#cost.features;
  }

  get idle(): boolean {
    return this.runningCount === 0 && this.waiting.size === 0;
  }

  /** Requests waiting and running. */
  get load(): number {
    return this.runningCount + this.waiting.size;
  }

  // ── what the world does ──

  /** A request arrives at the scheduler. Refused (false) when it can never run or too many wait. */
  submit(i: number, now: number): boolean {
    const r = this.requests;
    r.arrived[i] = now;
    r.replica[i] = this.replica;
    const { timeout } = this.limits;
    if (timeout !== undefined && now + timeout < (r.deadline[i] as number)) {
      r.deadline[i] = now + timeout;
      r.cancels[i] = 0;
    }
    const room = this.maxModelLen - (r.prompt[i] as number);
    if (room < 1 || this.waiting.size >= (this.limits.maxWaiting ?? Infinity)) {
      ended(r, i, status.refused, now);
      return false;
    }
    r.output[i] = Math.min(r.output[i] as number, room);
    if (this.idle && now > this.clock) this.clock = now;
    r.stage[i] = stages.waiting;
    this.waiting.append(i);
    return true;
  }

  /** A request whose prompt was computed elsewhere arrives with its KV. */
  receive(i: number, now: number): void {
    const r = this.requests;
    if (this.idle && now > this.clock) this.clock = now;
    r.computed[i] = r.prompt[i] as number;
    r.interferenceMark[i] = this.#interference;
    r.stage[i] = stages.waiting;
    this.waiting.append(i);
  }

  /** The client goes away, or the server gives up: the request stops where it is. */
  abort(i: number, now: number, why: number = status.cancelled): boolean {
    const stage = this.requests.stage[i];
    if (stage === stages.waiting) this.waiting.remove(i);
    else if (stage === stages.running) this.#leaveRunning(i);
    else return false;
    this.kv.release(i);
    ended(this.requests, i, why, now);
    return true;
  }

  // ── what a policy may do ──

  /** Tokens the request could compute now: its text and drafts, less what is computed. */
  need(i: number): number {
    const r = this.requests;
    const generated = r.generated[i] as number;
    const computed = r.computed[i] as number;
    const text = (r.prompt[i] as number) + generated;
    return text - computed + (generated > 0 && text - computed === 1 ? this.draftTokens : 0);
  }

  /** Tokens of text the request has so far: its prompt and what it generated. */
  text(i: number): number {
    return (this.requests.prompt[i] as number) + (this.requests.generated[i] as number);
  }

  /** Whether the request fits into the KV cache to its last token, if it had it alone. */
  everFits(i: number): boolean {
    const r = this.requests;
    return this.kv.everFits(i, (r.prompt[i] as number) + (r.output[i] as number) - 1 + this.draftTokens);
  }

  /** Moves the head of the waiting queue to the end of the running list. Its blocks must have been granted. */
  admitHead(cached: number): number {
    const i = this.waiting.shift();
    admitted(this.requests, i, this.clock, cached);
    if (this.runningCount === this.running.length) this.#growLists();
    this.running[this.runningCount++] = i;
    return i;
  }

  /** Takes a running request's blocks; it goes back to the front of the line and computes its text again. */
  preempt(i: number): void {
    this.#leaveRunning(i);
    this.kv.release(i);
    preempted(this.requests, i, this.clock, this.#interference);
    this.preemptions++;
    this.waiting.prepend(i);
  }

  /** Request i computes n tokens in this step. */
  plan(i: number, n: number): void {
    this.planned.add(i, n);
  }

  /** Takes request i out of this step's plan; returns the tokens that it had. */
  unplan(i: number): number {
    return this.planned.remove(i);
  }

  // ── the step ──

  /** Schedules; false when there is nothing that can run. */
  prepare(): boolean {
    this.planned.count = 0;
    this.ended.length = 0;
    this.emittedCount = 0;
    let preemptions: number;
    do {
      // A step in which the only thing that happens is a preemption takes no time; the next one goes on.
      preemptions = this.preemptions;
      this.#options.schedule(this);
    } while (this.planned.count === 0 && this.preemptions > preemptions);
    if (this.planned.count === 0) return false;
    this.#cost.sum(this.planned, this.requests);
    return true;
  }

  /** How long the prepared step takes on its own, seconds. */
  duration(): number {
    const { speculation } = this.#options;
    const seconds = this.#cost.seconds();
    return speculation ? seconds + speculation.draftSeconds(this) : seconds;
  }

  /** Runs the prepared step, which takes `seconds` of computing. */
  commit(seconds: number): void {
    const start = this.clock;
    const end = this.#options.pauses.end(start, seconds);
    const span = end - start;
    this.clock = end;
    this.steps++;
    this.busy += span;
    const { prefillTokens, decodeContext } = this.features;
    if (prefillTokens === 0) this.#interference += span - seconds;
    else if (decodeContext > 0) this.#interference += Math.max(0, span - this.#cost.decodeSeconds());
    for (let k = 0; k < this.planned.count; k++) {
      this.#advance(this.planned.request[k] as number, this.planned.tokens[k] as number, span, end);
    }
    this.#options.recorder.step(this, end);
  }

  /** One whole step; false when nothing can run. */
  step(): boolean {
    if (!this.prepare()) return false;
    this.commit(this.duration());
    return true;
  }

  #advance(i: number, n: number, span: number, end: number): void {
    const r = this.requests;
    const computed = r.computed[i] as number;
    const generated = r.generated[i] as number;
    const left = this.text(i) - computed;
    if (generated === 0) {
      const alone = this.#cost.promptSeconds(computed, n, n >= left);
      r.prefill[i] = (r.prefill[i] as number) + Math.min(span, alone);
    }
    if (n < left) {
      r.computed[i] = computed + n;
      this.kv.commit(i, computed + n);
      return;
    }
    const drafts = n - left;
    const accepted = drafts > 0 ? (this.#options.speculation as Speculation).accepted(i, generated, drafts) : 0;
    const tokens = Math.min(1 + accepted, (r.output[i] as number) - generated);
    r.computed[i] = computed + left + tokens - 1;
    this.kv.commit(i, computed + left + tokens - 1);
    this.#emit(i, tokens, end);
  }

  #emit(i: number, tokens: number, end: number): void {
    const r = this.requests;
    const { recorder } = this.#options;
    const before = r.generated[i] as number;
    r.generated[i] = before + tokens;
    recorder.tokens(i, before, tokens, end, before === 0 ? NaN : (r.last[i] as number));
    received(r, i, before, end, this.#interference);
    this.emitted[this.emittedCount] = i;
    this.emittedTokens[this.emittedCount++] = tokens;
    const whole = before + tokens >= (r.output[i] as number);
    if (whole || this.#options.handOff) {
      this.#leaveRunning(i);
      if (whole) {
        this.kv.release(i);
        finished(r, i, end, this.#interference);
      } else r.stage[i] = stages.ended;
      this.ended.push(i);
    }
  }

  #leaveRunning(i: number): void {
    const { running } = this;
    let at = this.runningCount - 1;
    if (running[at] !== i) at = running.indexOf(i);
    running.copyWithin(at, at + 1, this.runningCount);
    this.runningCount--;
  }

  #growLists(): void {
    this.running = larger(this.running);
    this.emitted = larger(this.emitted);
    this.emittedTokens = larger(this.emittedTokens);
  }
}
