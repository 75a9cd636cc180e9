/** The load generator: sends a plan through a transport on an absolute schedule and records what came back, request by request. */
import type { Measurement, Run } from "../run.ts";
import type { Workload } from "../workload/types.ts";
import { LagSamples, startHeartbeat } from "./lag.ts";
import { promptTokens, type Chain, type Plan } from "./plan.ts";
import { uncalibrated, PromptWriter, type PromptCalibration } from "./prompt.ts";
import { pathOf, requestBody, type BodyShape, type Turn } from "./request-body.ts";
import { RunRecorder } from "./run-recorder.ts";
import { StreamReader } from "./stream-reader.ts";
import type { Clock, Exchange, Sink, StopSignal, Transport, TransportFailure } from "./transport.ts";

/** Seconds. `headers`: until the answer begins; `stall`: between two reads; `total`: the whole request; `grace`: after a plan's duration is over. */
export interface Timeouts {
  readonly headers: number;
  readonly stall: number;
  readonly total: number;
  readonly grace: number;
}

export const defaultTimeouts: Timeouts = { headers: 120, stall: 60, total: 600, grace: 30 };

/** A limit that ends the run early, with what was measured so far. Tokens count prompts and answers. */
export interface Budget {
  readonly requests?: number;
  readonly tokens?: number;
}

export interface LoadOptions {
  /** The user's label of the target; never its address. */
  readonly target: string;
  readonly model: string;
  readonly shape: BodyShape;
  /** Merged into every request's body. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly calibration?: PromptCalibration;
  /** Makes this run's prompts differ from every other run's. */
  readonly salt: number;
  readonly warmup?: number;
  readonly timeouts?: Partial<Timeouts>;
  readonly budget?: Budget;
  readonly record?: "chunks" | "requests";
  readonly versions?: Readonly<Record<string, string>>;
  /** Ends the run after this many failures in a row without any success. Default 50. */
  readonly maxFailures?: number;
  onProgress?(done: number, of: number): void;
}

/** How often time-outs are looked for, seconds. */
const WATCH_PERIOD = 0.1;
const DEFAULT_MAX_FAILURES = 50;

/**
 * Always resolves, with a partial Run when stopped, out of budget or failing throughout; every request of the plan ends in
 * exactly one status. Times in the Run count from the start of the load.
 */
export function runLoad(
  transport: Transport,
  clock: Clock,
  signal: StopSignal | undefined,
  workload: Workload,
  plan: Plan,
  options: LoadOptions,
): Promise<Run> {
  return new Promise((resolve) => new Load(transport, clock, signal, workload, plan, options, resolve).begin());
}

/** One request in flight. */
class Flight implements Sink {
  readonly request: number;
  readonly chain: Chain;
  readonly turn: number;
  readonly reader: StreamReader;
  readonly startedAt: number;
  exchange: Exchange | undefined;
  lastHeard: number;
  answered = false;
  over = false;
  readonly #load: Load;

  constructor(load: Load, request: number, chain: Chain, turn: number, startedAt: number, reader: StreamReader) {
    this.#load = load;
    this.request = request;
    this.chain = chain;
    this.turn = turn;
    this.startedAt = startedAt;
    this.lastHeard = startedAt;
    this.reader = reader;
  }

  headers(status: number, header: (name: string) => string | undefined, t: number): void {
    if (this.over) return;
    this.answered = true;
    this.lastHeard = t;
    this.reader.headers(status, header("retry-after"));
    this.#load.recorder.headers(this.request, t);
  }

  chunk(bytes: Uint8Array, t: number): void {
    if (this.over) return;
    this.lastHeard = t;
    this.#load.bytes += bytes.length;
    this.reader.push(bytes, t);
  }

  end(t: number): void {
    if (this.over) return;
    this.reader.end(t);
    this.#load.settle(this, this.reader.outcome(), t);
  }

  /** An error after a complete answer (a reset that follows [DONE]) takes nothing away from it. */
  fail(failure: TransportFailure, t: number): void {
    if (this.over) return;
    this.reader.end(t);
    const complete = this.reader.done && this.reader.outcome() === undefined;
    this.#load.settle(this, complete ? undefined : (this.reader.refusal() ?? failure), t);
  }
}

class Load {
  readonly recorder: RunRecorder;
  bytes = 0;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #signal: StopSignal | undefined;
  readonly #workload: Workload;
  readonly #plan: Plan;
  readonly #options: LoadOptions;
  readonly #timeouts: Timeouts;
  readonly #resolve: (run: Run) => void;
  readonly #writer: PromptWriter;
  readonly #cap: number;
  readonly #flights = new Set<Flight>();
  readonly #waiting: { request: number; chain: Chain; turn: number }[] = [];
  readonly #history = new Map<Chain, Turn[]>();
  readonly #dispatchLag = new LagSamples();
  readonly #heartbeatLag = new LagSamples();
  readonly #cancels = new Set<() => void>();
  #zero = 0;
  #nextChain = 0;
  #settled = 0;
  /** Chains that may still issue a request: scheduled, waiting, thinking or in flight. */
  #liveChains = 0;
  #peak = 0;
  #sent = 0;
  #tokensUsed = 0;
  #tokensReserved = 0;
  #failuresInARow = 0;
  #succeeded = 0;
  #ended: { reason: string; message: string } | undefined;
  #durationOver = false;
  #over = false;

  constructor(
    transport: Transport,
    clock: Clock,
    signal: StopSignal | undefined,
    workload: Workload,
    plan: Plan,
    options: LoadOptions,
    resolve: (run: Run) => void,
  ) {
    this.#transport = transport;
    this.#clock = clock;
    this.#signal = signal;
    this.#workload = workload;
    this.#plan = plan;
    this.#options = options;
    this.#timeouts = { ...defaultTimeouts, ...options.timeouts };
    this.#resolve = resolve;
    this.#writer = new PromptWriter(options.salt, options.calibration ?? uncalibrated);
    this.#cap = Math.min(plan.maxConcurrency ?? Infinity, transport.maxStreams ?? Infinity);
    let chunks = 0;
    for (const spec of plan.requests) chunks += spec.output + 4;
    this.recorder = new RunRecorder(plan.requests.length, chunks);
  }

  begin(): void {
    this.#zero = this.#clock.now();
    this.recorder.setZero(this.#zero);
    if (this.#plan.users === undefined) this.#plan.chains.forEach((chain) => this.#dueOpen(chain));
    this.#cancels.add(startHeartbeat(this.#clock, this.#heartbeatLag));
    this.#watch();
    this.#signal?.addEventListener("abort", this.#onStop);
    if (this.#plan.duration !== undefined) this.#later(this.#zero + this.#plan.duration, () => this.#endDuration());
    if (this.#signal?.aborted) return this.#onStop();
    if (this.#plan.users === undefined) this.#pumpOpen();
    else for (let user = 0; user < this.#plan.users; user++) this.#nextUserChain(0);
    this.#finishIfDone();
  }

  settle(flight: Flight, failure: TransportFailure | undefined, t: number): void {
    flight.over = true;
    this.#flights.delete(flight);
    const spec = this.#plan.requests[flight.request]!;
    const asked = promptTokens(spec);
    this.recorder.finish(flight.request, flight.reader, failure, asked, t);
    this.#tokensReserved -= asked + spec.output;
    const { usage, tokenChunks } = flight.reader;
    this.#tokensUsed += usage.output > 0 ? usage.prompt + usage.output : tokenChunks > 0 ? asked + tokenChunks : 0;
    this.#settled++;
    if (failure) this.#failuresInARow++;
    else {
      this.#succeeded++;
      this.#failuresInARow = 0;
    }
    this.#options.onProgress?.(this.#settled, this.#plan.requests.length);
    if (this.#succeeded === 0 && this.#failuresInARow >= (this.#options.maxFailures ?? DEFAULT_MAX_FAILURES)) {
      this.#endEarly(
        "failing",
        `The first ${this.#failuresInARow} requests all failed. ${failure?.message ?? ""}`.trim(),
      );
    }
    if (!this.#ended) this.#startWaiting();
    this.#continueChain(flight, failure);
    this.#finishIfDone();
  }

  #dueOpen(chain: Chain): void {
    const first = chain.requests[0];
    if (first !== undefined) this.recorder.due(first, this.#zero + chain.at);
  }

  #pumpOpen(): void {
    const chains = this.#plan.chains;
    for (;;) {
      const chain = chains[this.#nextChain];
      if (!chain || this.#stopsIssuing()) return;
      const due = this.#zero + chain.at;
      if (due > this.#clock.now()) {
        this.#later(due, () => this.#pumpOpen());
        return;
      }
      this.#nextChain++;
      this.#liveChains++;
      this.#offer(chain, 0);
    }
  }

  /** A closed-loop user takes up the next chain after thinking. */
  #nextUserChain(now: number): void {
    const chain = this.#plan.chains[this.#nextChain];
    if (!chain || this.#stopsIssuing()) return;
    this.#nextChain++;
    this.#liveChains++;
    this.#scheduleTurn(chain, 0, now === 0 ? this.#zero : now + this.#think(chain.requests[0]!));
  }

  #scheduleTurn(chain: Chain, turn: number, due: number): void {
    this.#later(due, () => {
      if (this.#stopsIssuing()) {
        this.#liveChains--;
        return;
      }
      this.recorder.due(chain.requests[turn]!, due);
      this.#offer(chain, turn);
    });
  }

  #think(request: number): number {
    return this.#plan.think?.[request] ?? 0;
  }

  /** Sends now, or queues behind the cap. */
  #offer(chain: Chain, turn: number): void {
    const request = chain.requests[turn]!;
    if (this.#flights.size >= this.#cap) this.#waiting.push({ request, chain, turn });
    else this.#start(request, chain, turn, true);
  }

  #startWaiting(): void {
    while (this.#waiting.length > 0 && this.#flights.size < this.#cap && !this.#ended) {
      const { request, chain, turn } = this.#waiting.shift()!;
      this.#start(request, chain, turn, false);
    }
  }

  #start(request: number, chain: Chain, turn: number, onSchedule: boolean): void {
    const spec = this.#plan.requests[request]!;
    if (this.#overBudget(promptTokens(spec) + spec.output)) return;
    const body = this.#body(request, chain, turn);
    const keepText = turn < chain.requests.length - 1;
    const reader = new StreamReader((t, tokens, kind) => this.#record(request, t, tokens, kind), {
      keepText,
      whole: !this.#options.shape.stream,
    });
    const now = this.#clock.now();
    this.recorder.start(request, now);
    if (onSchedule) this.#dispatchLag.add(now - this.#zero - this.recorder.scheduled[request]!);
    const flight = new Flight(this, request, chain, turn, now, reader);
    this.#flights.add(flight);
    this.#peak = Math.max(this.#peak, this.#flights.size);
    this.#sent++;
    this.#tokensReserved += promptTokens(spec) + spec.output;
    if (spec.cancelAfter !== undefined)
      this.#later(now + spec.cancelAfter, () =>
        this.#abort(flight, { kind: "cancelled", message: "The request was cancelled, as the workload asked." }),
      );
    const id = `${this.#options.salt.toString(36)}-${request}`;
    flight.exchange = this.#transport.send({ id, path: pathOf(this.#options.shape.api), body }, flight);
  }

  #record(request: number, t: number, tokens: number, kind: number): void {
    if (this.#options.record !== "requests") this.recorder.chunk(request, t, tokens, kind);
  }

  #body(request: number, chain: Chain, turn: number): string {
    const spec = this.#plan.requests[request]!;
    const past = this.#history.get(chain) ?? [];
    // A later turn's segments repeat the conversation so far, which goes along as real messages; only the last is new.
    const fresh = turn > 0 && typeof spec.prompt !== "number" ? spec.prompt.slice(-1) : spec.prompt;
    const content = this.#writer.prompt(fresh, `request ${request}`);
    const turns: Turn[] = [...past, { role: "user", content }];
    if (turn < chain.requests.length - 1) this.#history.set(chain, turns);
    const { shape, model, extraBody } = this.#options;
    return requestBody(shape, model, turns, spec.output, extraBody);
  }

  #continueChain(flight: Flight, failure: TransportFailure | undefined): void {
    const { chain, turn } = flight;
    const next = turn + 1;
    const now = this.#clock.now();
    if (next < chain.requests.length && !failure && !this.#stopsIssuing()) {
      this.#history.get(chain)?.push({ role: "assistant", content: flight.reader.text });
      this.#scheduleTurn(chain, next, now + this.#think(chain.requests[next]!));
      return;
    }
    this.#history.delete(chain);
    this.#liveChains--;
    if (this.#plan.users !== undefined) this.#nextUserChain(now);
  }

  #overBudget(tokens: number): boolean {
    const budget = this.#options.budget;
    if (budget?.requests !== undefined && this.#sent >= budget.requests) {
      this.#endEarly("budget", `The budget of ${budget.requests} requests is used up.`);
      return true;
    }
    if (budget?.tokens !== undefined && this.#tokensUsed + this.#tokensReserved + tokens > budget.tokens) {
      this.#endEarly("budget", `The next request could go over the budget of ${budget.tokens} tokens.`);
      return true;
    }
    return false;
  }

  #stopsIssuing(): boolean {
    return this.#ended !== undefined || this.#durationOver;
  }

  /** No further request is sent; those in flight may finish. */
  #endEarly(reason: string, message: string): void {
    this.#ended ??= { reason, message };
  }

  #endDuration(): void {
    this.#durationOver = true;
    this.#later(this.#clock.now() + this.#timeouts.grace, () => {
      this.#waiting.length = 0;
      for (const flight of [...this.#flights])
        this.#abort(flight, {
          kind: "cancelled",
          message: `Still running ${this.#timeouts.grace} s after the end of the run.`,
        });
    });
    this.#finishIfDone();
  }

  readonly #onStop = (): void => {
    this.#endEarly("stopped", "The run was stopped; what had been measured is kept.");
    for (const flight of [...this.#flights])
      this.#abort(flight, { kind: "stopped", message: "The run was stopped while this request was in flight." });
    this.#complete();
  };

  #abort(flight: Flight, failure: TransportFailure): void {
    if (flight.over) return;
    flight.exchange?.abort();
    this.settle(flight, failure, this.#clock.now());
  }

  #watch(): void {
    const look = (): void => {
      const now = this.#clock.now();
      const { headers, stall, total } = this.#timeouts;
      for (const flight of [...this.#flights]) {
        const age = now - flight.startedAt;
        if (age > total)
          this.#abort(flight, { kind: "timeout-total", message: `The answer was not complete after ${total} s.` });
        else if (!flight.answered && age > headers)
          this.#abort(flight, {
            kind: "timeout-headers",
            message: `The server accepted the request but had not begun to answer after ${headers} s. It may be overloaded: lower the load.`,
          });
        else if (flight.answered && now - flight.lastHeard > stall)
          this.#abort(flight, {
            kind: "timeout-stall",
            message: `Nothing came for ${stall} s in the middle of an answer.`,
          });
      }
      if (!this.#over) this.#watch();
    };
    this.#later(this.#clock.now() + WATCH_PERIOD, look, true);
  }

  #later(time: number, call: () => void, coarse = false): void {
    const run = (): void => {
      this.#cancels.delete(cancel);
      if (this.#over) return;
      call();
      this.#finishIfDone();
    };
    const cancel = this.#clock.at(time, run, coarse);
    this.#cancels.add(cancel);
  }

  #finishIfDone(): void {
    if (this.#over || this.#flights.size > 0) return;
    const moreChains = this.#nextChain < this.#plan.chains.length;
    if (this.#ended !== undefined) return this.#complete();
    if (this.#waiting.length > 0) return;
    if (this.#durationOver || (!moreChains && this.#liveChains === 0)) this.#complete();
  }

  #complete(): void {
    if (this.#over) return;
    this.#over = true;
    for (const cancel of this.#cancels) cancel();
    this.#signal?.removeEventListener("abort", this.#onStop);
    this.#resolve(this.#run());
  }

  #run(): Run {
    const keep = this.#durationOver && !this.#ended ? this.#dueRows() : undefined;
    const { requests, chunks, failures } = this.recorder.columns(keep);
    const dispatchLag = this.#dispatchLag.p(99);
    const heartbeatLag = this.#heartbeatLag.p(99);
    const { target, model, shape, salt, warmup, versions, record } = this.#options;
    const asked = keep ? [...keep].map((i) => this.#plan.requests[i]!) : this.#plan.requests;
    const measurement: Measurement = {
      askedPromptTokens: Uint32Array.from(asked, promptTokens),
      askedOutputTokens: Uint32Array.from(asked, (spec) => spec.output),
      zero: this.#zero,
      streamed: shape.stream,
      salt,
      warmup: warmup ?? 0,
      dispatchLag,
      heartbeatLag,
      longestStall: this.#heartbeatLag.longest,
      bytes: this.bytes,
      peakInFlight: this.#peak,
    };
    return {
      origin: {
        kind: "measured",
        target,
        model,
        transport: this.#transport.name,
        clientLag: Math.max(dispatchLag, heartbeatLag),
      },
      workload: this.#workload,
      versions: versions ?? {},
      ...(this.#ended && { ended: this.#ended }),
      requests,
      ...(record !== "requests" && { chunks }),
      failures,
      measurement,
    };
  }

  /** A run bounded by time has the requests that came due within it. */
  #dueRows(): Uint32Array {
    const duration = this.#plan.duration ?? Infinity;
    const rows: number[] = [];
    for (let i = 0; i < this.#plan.requests.length; i++) if (this.recorder.scheduled[i]! <= duration) rows.push(i);
    return Uint32Array.from(rows);
  }
}
