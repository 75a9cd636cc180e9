/**
 * One engine: the state that a scheduling policy works on, and the step that carries out what it planned.
 *
 * A step is: drop what was given up → let the policy plan (who computes how many tokens) → ask the step model how long it takes
 * → let everyone's tokens count. Requests that have caught up with their text emit a token.
 */
import type { ResolvedServer } from "../server.ts";
import type { StepFeatures, StepModel } from "../step/types.ts";
import { addDecode, addPrefill, emptyFeatures, resetFeatures } from "./features.ts";
import type { KvCache } from "./kv/cache.ts";
import type { Pauses } from "./effects/pauses.ts";
import type { Recorder } from "./record/recorder.ts";
import { stages, status, type Requests } from "./requests.ts";
import type { Speculation } from "./effects/speculation.ts";
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
  /** This step's plan. */
  planned: Int32Array;
  plannedTokens: Int32Array;
  plannedCount = 0;
  preemptions = 0;
  busy = 0;
  readonly features: StepFeatures = emptyFeatures();
  readonly replica: number;
  readonly #options: CoreOptions;
  readonly #alone: StepFeatures = emptyFeatures();
  readonly #window: number;
  #interference = 0;
  #planOf: Int32Array;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.requests = options.requests;
    this.kv = options.kv;
    this.limits = options.server.scheduler;
    this.maxModelLen = this.limits.maxModelLen ?? Infinity;
    this.replica = options.replica;
    this.waiting = new WaitingQueue(options.requests, this.limits.policy);
    this.draftTokens = options.speculation?.draftTokens ?? 0;
    this.#window = options.model.window ?? Infinity;
    const most = this.limits.maxNumSeqs + 1;
    this.running = new Int32Array(most);
    this.emitted = new Int32Array(most);
    this.emittedTokens = new Int32Array(most);
    this.planned = new Int32Array(most);
    this.plannedTokens = new Int32Array(most);
    this.#planOf = new Int32Array(options.requests.capacity).fill(-1);
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
      this.#end(i, status.refused, now);
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
    this.#end(i, why, now);
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
    const r = this.requests;
    const i = this.waiting.shift();
    r.stage[i] = stages.running;
    r.computed[i] = cached;
    if (r.admitted[i] !== r.admitted[i]) {
      r.admitted[i] = this.clock;
      r.queue[i] = this.clock - (r.arrived[i] as number);
      r.cached[i] = cached;
    } else if (r.generated[i] === 0 && r.lostAt[i] === r.lostAt[i]) {
      // Everything since it was first admitted was lost.
      r.preemption[i] = this.clock - (r.admitted[i] as number);
      r.lostAt[i] = NaN;
    }
    if (this.runningCount === this.running.length) this.#growLists();
    this.running[this.runningCount++] = i;
    return i;
  }

  /** Takes a running request's blocks; it goes back to the front of the line and computes its text again. */
  preempt(i: number): void {
    const r = this.requests;
    this.#leaveRunning(i);
    this.kv.release(i);
    r.computed[i] = 0;
    r.stage[i] = stages.waiting;
    r.preemptions[i] = (r.preemptions[i] as number) + 1;
    this.preemptions++;
    if (r.generated[i] === 0) {
      r.prefill[i] = 0;
      r.lostAt[i] = this.clock;
    } else if (r.lostAt[i] !== r.lostAt[i]) {
      r.lostAt[i] = r.last[i] as number;
      r.decodeInterference[i] =
        (r.decodeInterference[i] as number) + this.#interference - (r.interferenceMark[i] as number);
    }
    this.waiting.prepend(i);
  }

  /** Request i computes n tokens in this step. */
  plan(i: number, n: number): void {
    if (this.plannedCount === this.planned.length) this.#growLists();
    if (i >= this.#planOf.length) this.#growPlanOf();
    this.#planOf[i] = this.plannedCount;
    this.planned[this.plannedCount] = i;
    this.plannedTokens[this.plannedCount++] = n;
  }

  /** Takes request i out of this step's plan; returns the tokens that it had. */
  unplan(i: number): number {
    const at = this.#planOf[i] ?? -1;
    if (at < 0 || this.planned[at] !== i || at >= this.plannedCount) return 0;
    const n = this.plannedTokens[at] as number;
    for (let k = at; k < this.plannedCount - 1; k++) {
      const moved = this.planned[k + 1] as number;
      this.planned[k] = moved;
      this.plannedTokens[k] = this.plannedTokens[k + 1] as number;
      this.#planOf[moved] = k;
    }
    this.plannedCount--;
    this.#planOf[i] = -1;
    return n;
  }

  // ── the step ──

  /** Schedules; false when there is nothing that can run. */
  prepare(): boolean {
    this.plannedCount = 0;
    this.ended.length = 0;
    this.emittedCount = 0;
    let preemptions: number;
    do {
      // A step in which the only thing that happens is a preemption takes no time; the next one goes on.
      preemptions = this.preemptions;
      this.#options.schedule(this);
    } while (this.plannedCount === 0 && this.preemptions > preemptions);
    if (this.plannedCount === 0) return false;
    this.#sumFeatures();
    return true;
  }

  /** How long the prepared step takes on its own, seconds. */
  duration(): number {
    const { model, speculation } = this.#options;
    const seconds = model.seconds(this.features);
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
    if (this.features.prefillTokens > 0 && this.features.decodeContext > 0) this.#interference += this.#extra(span);
    else if (this.features.prefillTokens === 0) this.#interference += span - seconds;
    for (let k = 0; k < this.plannedCount; k++) {
      this.#advance(this.planned[k] as number, this.plannedTokens[k] as number, span, end);
    }
    this.#options.recorder.step(this, end);
  }

  /** One whole step; false when nothing can run. */
  step(): boolean {
    if (!this.prepare()) return false;
    this.commit(this.duration());
    return true;
  }

  #sumFeatures(): void {
    const f = this.features;
    const r = this.requests;
    resetFeatures(f);
    for (let k = 0; k < this.plannedCount; k++) {
      const i = this.planned[k] as number;
      const n = this.plannedTokens[k] as number;
      const computed = r.computed[i] as number;
      const left = this.text(i) - computed;
      if ((r.generated[i] as number) > 0 && left === 1) addDecode(f, computed, n, this.#window);
      else addPrefill(f, computed, n, n >= left, this.#window);
    }
  }

  /** What prefill adds to a mixed step for those who decode. */
  #extra(span: number): number {
    const f = this.features;
    const a = this.#alone;
    resetFeatures(a);
    a.decodeContext = f.decodeContext;
    a.decodeContextWindowed = f.decodeContextWindowed;
    a.tokens = f.tokens - f.prefillTokens;
    a.sequences = a.sampled = a.tokens;
    return Math.max(0, span - this.#options.model.seconds(a));
  }

  #advance(i: number, n: number, span: number, end: number): void {
    const r = this.requests;
    const computed = r.computed[i] as number;
    const generated = r.generated[i] as number;
    const left = this.text(i) - computed;
    if (generated === 0) {
      resetFeatures(this.#alone);
      addPrefill(this.#alone, computed, n, n >= left, this.#window);
      r.prefill[i] = (r.prefill[i] as number) + Math.min(span, this.#options.model.seconds(this.#alone));
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
    if (before === 0) {
      r.first[i] = end;
      r.interferenceMark[i] = this.#interference;
      recorder.tokens(i, before, tokens, end, NaN);
    } else {
      if (r.lostAt[i] === r.lostAt[i]) {
        r.decodePreemption[i] = (r.decodePreemption[i] as number) + end - (r.lostAt[i] as number);
        r.lostAt[i] = NaN;
        r.interferenceMark[i] = this.#interference;
      }
      recorder.tokens(i, before, tokens, end, r.last[i] as number);
    }
    r.last[i] = end;
    this.emitted[this.emittedCount] = i;
    this.emittedTokens[this.emittedCount++] = tokens;
    const whole = before + tokens >= (r.output[i] as number);
    if (whole || this.#options.handOff) {
      this.#leaveRunning(i);
      if (whole) this.#finish(i, end);
      else r.stage[i] = stages.ended;
      this.ended.push(i);
    }
  }

  #finish(i: number, end: number): void {
    const r = this.requests;
    this.kv.release(i);
    r.decodeInterference[i] =
      (r.decodeInterference[i] as number) + this.#interference - (r.interferenceMark[i] as number);
    r.stage[i] = stages.ended;
    r.status[i] = status.succeeded;
    r.closed[i] = end;
  }

  #end(i: number, why: number, now: number): void {
    this.requests.stage[i] = stages.ended;
    this.requests.status[i] = why;
    this.requests.closed[i] = now;
  }

  #leaveRunning(i: number): void {
    const { running } = this;
    let at = this.runningCount - 1;
    if (running[at] !== i) at = running.indexOf(i);
    running.copyWithin(at, at + 1, this.runningCount);
    this.runningCount--;
  }

  #growLists(): void {
    const grow = (old: Int32Array): Int32Array => {
      const larger = new Int32Array(old.length * 2);
      larger.set(old);
      return larger;
    };
    this.running = grow(this.running);
    this.emitted = grow(this.emitted);
    this.emittedTokens = grow(this.emittedTokens);
    this.planned = grow(this.planned);
    this.plannedTokens = grow(this.plannedTokens);
  }

  #growPlanOf(): void {
    const larger = new Int32Array(Math.max(this.requests.capacity, this.#planOf.length * 2)).fill(-1);
    larger.set(this.#planOf);
    this.#planOf = larger;
  }
}
