/**
 * One engine: the state that a scheduling policy works on, and the step that carries out what it planned.
 *
 * A step is: drop what was given up → let the policy plan (who computes how many tokens) → ask the step model how long it takes
 * → let everyone's tokens count. Requests that have caught up with their text emit a token.
 *
 * Where the engine plans ahead (vLLM's AsyncScheduler), the plan of the next step is made when a step starts. Nothing can change
 * a step that has started, so its results are worked out first and the next plan right after, with what the planner cannot know
 * yet held back: whoever ended keeps its place and blocks until the plan is made, and the token in flight is in no hash.
 */
import type { ResolvedServer } from "../server.ts";
import type { SchedulerRules } from "./rules.ts";
import type { StepFeatures, StepModel } from "../step/types.ts";
import type { KvCache } from "./kv/cache.ts";
import { admitted, ended, finished, preempted, received } from "./lifecycle.ts";
import { larger, StepPlan } from "./plan.ts";
import type { Pauses } from "./effects/pauses.ts";
import type { Recorder } from "./record/recorder.ts";
import { stages, status, type Requests } from "./requests.ts";
import { RemoteKv } from "./remote-kv.ts";
import { PrefillCadence } from "./schedulers/prefill-cadence.ts";
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
  /** Plan the next step when a step starts. */
  readonly ahead?: boolean;
  readonly onPlan?: (core: Core) => void;
  /**
   * Set on a prefill-only engine: a request leaves with its prompt computed, with its first token or without, and its blocks stay
   * until taken.
   */
  readonly handOff?: "withToken" | "withoutToken";
  /** Set on a decode engine that fetches prompts: the KV of so many tokens of a request is to come, from `at` on. */
  readonly fetch?: (request: number, tokens: number, at: number) => void;
}

/** No step of an engine has this number. */
const never = 2 ** 32 - 1;

export class Core {
  readonly requests: Requests;
  readonly kv: KvCache;
  readonly limits: ResolvedServer["scheduler"];
  readonly rules: SchedulerRules;
  readonly maxModelLen: number;
  readonly waiting: WaitingQueue;
  /** In order of admission. */
  running: Int32Array;
  runningCount = 0;
  /** Draft tokens a decoding request carries into a step, positions set aside for them, and tokens of the budget they take. */
  readonly draftTokens: number;
  readonly lookahead: number;
  readonly draftSlots: number;
  /** Blocks that admission leaves free. */
  readonly spareBlocks: number;
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
  readonly cadence: PrefillCadence;
  readonly remote: RemoteKv;
  readonly #options: CoreOptions;
  readonly #cost: StepCost;
  readonly #ahead: boolean;
  /** A plan is made and has not run. */
  #pending = false;
  /** Ended in the step under way: their places and blocks are free once the next plan is made. */
  readonly #leaving: number[] = [];
  /** Given up while a step computes them: their blocks are free once the plan after it is made. */
  readonly #fenced: number[] = [];
  readonly #fencing: boolean;
  /** The plan being made is of the step after one under way. */
  #underWay = false;
  #interference = 0;
  /** Seconds: when the plan that is being made was begun. */
  #planningAt = 0;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.requests = options.requests;
    this.kv = options.kv;
    this.limits = options.server.scheduler;
    this.rules = options.server.rules;
    this.#ahead = options.ahead ?? false;
    this.#fencing = this.#ahead && (options.fetch !== undefined || options.handOff === "withoutToken");
    this.maxModelLen = this.limits.maxModelLen ?? Infinity;
    this.replica = options.replica;
    this.waiting = new WaitingQueue(options.requests, this.limits.policy);
    const method = options.server.speculation?.method;
    this.draftTokens = options.speculation?.draftTokens ?? 0;
    this.lookahead = method === "ngram" ? 0 : this.draftTokens;
    this.draftSlots = method === "draftModel" && this.rules.draftSlots ? 1 : 0;
    this.spareBlocks = Math.floor(this.limits.watermark * (this.kv.capacity + 1));
    this.cadence = new PrefillCadence(this.limits.prefillScheduleInterval, this.rules.cadenceAlone);
    this.remote = new RemoteKv(options.requests, this.limits.policy);
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
    return this.runningCount === 0 && this.waiting.size === 0 && this.remote.quiet && !this.#pending;
  }

  /** Requests waiting and running, those whose KV is on its way here included. */
  get load(): number {
    return this.runningCount + this.waiting.size + this.remote.size;
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

  /** A request whose prompt was computed elsewhere arrives, with its KV or to `fetch` it. */
  receive(i: number, now: number): void {
    const r = this.requests;
    if (this.idle && now > this.clock) this.clock = now;
    if (this.#options.fetch) {
      r.computed[i] = r.drafted[i] = 0;
      r.moved[i] = never;
      this.remote.expect(i);
    } else r.computed[i] = r.prompt[i] as number;
    r.interferenceMark[i] = this.#interference;
    r.stage[i] = stages.waiting;
    this.waiting.append(i);
  }

  /** KV that this engine fetched has come, or KV that it had set apart has been fetched: `then` once the scheduler is told. */
  notice(now: number, then: () => void): void {
    if (this.idle && now > this.clock) this.clock = now;
    this.remote.hear(then);
  }

  /** The KV of a request that this engine fetched is there. */
  fetched(i: number): void {
    if (!this.remote.came(i)) return this.kv.release(i);
    this.requests.stage[i] = stages.waiting;
    this.kv.commit(i, this.requests.prompt[i] as number);
  }

  /** The client goes away, or the server gives up: the request stops where it is. */
  abort(i: number, now: number, why: number = status.cancelled): boolean {
    const stage = this.requests.stage[i];
    if (stage === stages.waiting) {
      if (!this.remote.remove(i)) this.waiting.remove(i);
    } else if (stage === stages.crossing) {
      // Its blocks are being written; they are free once the KV has come.
      ended(this.requests, i, why, now);
      return true;
    } else if (stage === stages.running) this.#leaveRunning(i);
    else return false;
    if (this.#fencing && this.#pending && this.planned.has(i)) this.#fenced.push(i);
    else this.kv.release(i);
    ended(this.requests, i, why, now);
    return true;
  }

  // ── what a policy may do ──

  /**
   * Tokens the request could compute now: its text and drafts, less what is computed. A request that ended in the step under way
   * needs none, unless only drafts that nobody has seen accepted brought it to its end.
   */
  need(i: number): number {
    const r = this.requests;
    if ((r.stage[i] as number) >= stages.ended) return (r.inFlight[i] as number) > 1 ? 1 + this.draftTokens : 0;
    const left = this.text(i) - (r.computed[i] as number);
    return left + (left === 1 && r.drafted[i] === 1 ? this.draftTokens : 0);
  }

  /** Whether the last step of a running request was a piece of text that gave no token. */
  prefilling(i: number): boolean {
    return this.requests.drafted[i] === 0;
  }

  /** Tokens computed if the step under way, of which nothing is known yet, keeps all its drafts. */
  assumed(i: number): number {
    return (this.requests.computed[i] as number) + (this.requests.turnedDown[i] as number);
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

  /** Blocks for the next n tokens of a running request, and for what drafting may write; false where they are short. */
  grow(i: number, n: number): boolean {
    return this.kv.grow(i, this.withLookahead(this.assumed(i) + n), this.#settled(i));
  }

  /** Tokens computed in steps that are over: planning ahead, not those of the step under way. */
  #settled(i: number): number {
    const r = this.requests;
    if (!this.rules.windowsWait) return this.assumed(i);
    return (this.#ahead && r.moved[i] === this.steps ? r.settled[i] : r.computed[i]) as number;
  }

  withLookahead(tokens: number): number {
    return this.lookahead === 0 ? tokens : Math.min(tokens + this.lookahead, this.maxModelLen);
  }

  /** Moves the head of a queue to the end of the running list. Its blocks must have been granted. */
  admitHead(cached: number, queue = this.waiting): number {
    const i = queue.shift();
    admitted(this.requests, i, this.clock, cached);
    if (this.runningCount === this.running.length) this.#growLists();
    this.running[this.runningCount++] = i;
    return i;
  }

  /**
   * Takes blocks for the head of the waiting queue, whose KV lies elsewhere, and begins to fetch what is not found here. False where
   * blocks are short: room is left for what prompts under way still need, as a fetch can't be taken back.
   */
  fetchHead(): boolean {
    const r = this.requests;
    const i = this.waiting.at(0);
    const text = this.text(i);
    const cached = this.kv.lookup(i, text - 1);
    const { blockSize } = this.limits;
    const drafts = this.draftTokens === 0 ? 0 : 1 + this.draftTokens + this.lookahead;
    let spare = (this.runningCount > 0 ? this.spareBlocks : 0) + Math.ceil(drafts / blockSize);
    const needs = (k: number): void => {
      spare += Math.max(0, Math.ceil((this.text(k) + drafts) / blockSize) - (r.blocks[k] as number));
    };
    for (let k = 0; k < this.runningCount; k++)
      if (this.prefilling(this.running[k] as number)) needs(this.running[k] as number);
    this.remote.forEach(needs);
    if (!this.kv.admit(i, cached, text, text, spare)) return false;
    this.remote.begin(this.waiting.shift());
    r.stage[i] = stages.crossing;
    this.#options.fetch?.(i, text - cached, this.#planningAt);
    return true;
  }

  /** More blocks for a request whose KV has come, where `spare` are left free beside them. */
  growReady(i: number, tokens: number, spare: number): boolean {
    const more = Math.ceil(tokens / this.limits.blockSize) - (this.requests.blocks[i] as number);
    return Math.max(0, more) + spare <= this.kv.free && this.kv.grow(i, tokens);
  }

  /**
   * Whether the step under way still writes to a request's blocks, where KV that is fetched could be written to them as well: then
   * they are not free before it is over (`defer_block_free`).
   */
  fences(i: number): boolean {
    return this.#fencing && this.#underWay && this.requests.moved[i] === this.steps;
  }

  /** Takes a running request's blocks; it goes back to the front of the line and computes its text again. */
  preempt(i: number): void {
    this.#leaveRunning(i);
    const gone = (this.requests.stage[i] as number) >= stages.ended;
    if (this.requests.stage[i] !== stages.crossing) this.kv.release(i);
    this.preemptions++;
    if (gone) {
      this.#leaving.splice(this.#leaving.indexOf(i), 1);
      return;
    }
    preempted(this.requests, i, this.clock, this.#interference);
    this.waiting.prepend(i);
  }

  /** Request i computes n tokens in this step; the blocks that they fill can be found from now on. */
  plan(i: number, n: number): void {
    this.planned.add(i, n);
    const r = this.requests;
    this.kv.commit(i, Math.min((r.computed[i] as number) + n, this.text(i) - (r.inFlight[i] as number)));
  }

  /** Takes request i out of this step's plan; returns the tokens that it had. */
  unplan(i: number): number {
    return this.planned.remove(i);
  }

  // ── the step ──

  /** Schedules, unless that was done ahead; false when there is nothing that can run. */
  prepare(): boolean {
    if (this.#pending) return true;
    this.#planningAt = this.clock;
    let preemptions: number;
    do {
      // A step in which the only thing that happens is a preemption takes no time; the next one goes on.
      preemptions = this.preemptions;
      this.#schedule();
      // An engine that computes nothing looks for KV that has come at once.
    } while (!this.#pending && (this.remote.flush() || this.preemptions > preemptions));
    if (this.#ahead && this.#pending) this.remote.poll();
    return this.#pending;
  }

  #schedule(): void {
    this.planned.count = 0;
    this.#options.schedule(this);
    this.#options.onPlan?.(this);
    this.#pending = this.planned.count > 0;
    if (this.#pending) this.#cost.sum(this.planned, this.requests);
  }

  /** The plan of the next step, made when the one that just ended began; then what that step gave becomes known. */
  #planAhead(start: number): void {
    this.#planningAt = start;
    this.#underWay = true;
    this.#schedule();
    this.#underWay = false;
    if (this.#pending) this.remote.poll();
    const r = this.requests;
    for (let k = 0; k < this.emittedCount; k++) {
      const i = this.emitted[k] as number;
      r.inFlight[i] = r.turnedDown[i] = 0;
      if (r.stage[i] === stages.running) this.kv.commit(i, r.computed[i] as number);
    }
    for (const i of this.#leaving) {
      this.#leaveRunning(i);
      this.kv.commit(i, r.computed[i] as number);
      if (r.stage[i] === stages.ended) this.kv.release(i);
    }
    this.#leaving.length = 0;
    for (const i of this.#fenced) this.kv.release(i);
    this.#fenced.length = 0;
  }

  /** How long the prepared step takes on its own, seconds. */
  duration(): number {
    const { speculation } = this.#options;
    const seconds = this.#cost.seconds();
    return speculation ? seconds + speculation.draftSeconds(this) : seconds;
  }

  /** Runs the prepared step, which takes `seconds` of computing. */
  commit(seconds: number): void {
    this.#pending = false;
    this.ended.length = 0;
    this.emittedCount = 0;
    const start = this.clock;
    if (!this.#ahead) this.remote.poll();
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
    if (this.#ahead) this.#planAhead(start);
    this.remote.tell();
  }

  /** One whole step; false when nothing can run. */
  step(): boolean {
    if (!this.prepare()) return false;
    this.commit(this.duration());
    return true;
  }

  #advance(i: number, n: number, span: number, end: number): void {
    const r = this.requests;
    // Given up, or known to be done, since the plan was made: computed for nothing.
    if ((r.stage[i] as number) >= stages.ended) return;
    const computed = r.computed[i] as number;
    const generated = r.generated[i] as number;
    const left = this.text(i) - computed;
    r.moved[i] = this.steps;
    r.settled[i] = computed;
    if (generated === 0) {
      const alone = this.#cost.promptSeconds(computed, n, n >= left);
      r.prefill[i] = (r.prefill[i] as number) + Math.min(span, alone);
    }
    if (n < left) {
      r.computed[i] = computed + n;
      r.drafted[i] = 0;
      return;
    }
    if (this.#options.handOff === "withoutToken") {
      r.computed[i] = computed + n;
      this.#handOver(i);
      return;
    }
    const drafts = n - left;
    // Padding beside other requests' drafts holds nothing that could be accepted.
    const real = drafts > 0 && r.drafted[i] === 1;
    const accepted = real ? (this.#options.speculation as Speculation).accepted(i, generated, drafts) : 0;
    const tokens = Math.min(1 + accepted, (r.output[i] as number) - generated);
    r.computed[i] = computed + left + tokens - 1;
    r.drafted[i] = 1;
    if (this.#ahead) {
      r.inFlight[i] = tokens;
      r.turnedDown[i] = 1 + drafts - tokens;
    } else if (this.draftTokens > 0) {
      // Blocks that drafts filled can be found as soon as those are accepted.
      this.kv.commit(i, computed + left + tokens - 1);
    }
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
    if (whole) {
      finished(r, i, end, this.#interference);
      this.#leave(i);
    } else if (this.#options.handOff) this.#handOver(i);
  }

  /** Its prompt is computed, and a decode engine goes on; the blocks stay for now. */
  #handOver(i: number): void {
    this.requests.stage[i] = stages.crossing;
    this.#leave(i);
  }

  /** It leaves the batch: at once, or when the next plan has been made. */
  #leave(i: number): void {
    this.ended.push(i);
    if (this.#ahead) {
      this.#leaving.push(i);
      return;
    }
    this.#leaveRunning(i);
    if (this.requests.stage[i] === stages.ended) this.kv.release(i);
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
