/** The load generator: sends a plan through a transport on an absolute schedule and records what came back, request by request. */
import type { Run } from "../run.ts";
import type { Workload } from "../workload/types.ts";
import { BudgetMeter } from "./budget.ts";
import { Conversations } from "./conversations.ts";
import { Flight, type FlightOwner } from "./flight.ts";
import { LagSamples, startHeartbeat } from "./lag.ts";
import { endedRequest } from "./ended-request.ts";
import type { LoadOptions } from "./load-options.ts";
import { measuredRun } from "./measured-run.ts";
import { promptTokens, type Chain, type Plan } from "./plan.ts";
import { pathOf } from "./request-body.ts";
import { requestId } from "./request-id.ts";
import { RunRecorder } from "./run-recorder.ts";
import { Schedule } from "./schedule.ts";
import { StreamReader } from "./stream-reader.ts";
import { defaultTimeouts, timedOut, type Timeouts } from "./timeouts.ts";
import type { Clock, StopSignal, Transport, TransportFailure } from "./transport.ts";

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

class Load implements FlightOwner {
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
  readonly #conversations: Conversations;
  readonly #budget: BudgetMeter;
  readonly #schedule: Schedule;
  readonly #cap: number;
  readonly #count: number;
  readonly #flights = new Set<Flight>();
  readonly #waiting: { request: number; chain: Chain; turn: number }[] = [];
  readonly #dispatchLag = new LagSamples();
  readonly #heartbeatLag = new LagSamples();
  readonly #cancels = new Set<() => void>();
  #zero = 0;
  #settled = 0;
  #peak = 0;
  #resent = 0;
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
    this.#conversations = new Conversations(plan, options);
    this.#budget = new BudgetMeter(options.budget ?? {});
    this.#schedule = new Schedule(plan, clock, {
      later: (time, call) => this.#later(time, call),
      stopsIssuing: () => this.#stopsIssuing(),
      due: (request, time) => this.recorder.due(request, time),
      offer: (chain, turn) => this.#offer(chain, turn),
    });
    this.#cap = Math.min(plan.maxConcurrency ?? Infinity, transport.maxStreams ?? Infinity);
    let chunks = 0;
    for (const spec of plan.requests) chunks += spec.output + 4;
    this.#count = plan.rows?.length ?? plan.requests.length;
    this.recorder = new RunRecorder(plan.requests.length, Math.ceil(chunks * (this.#count / plan.requests.length)));
  }

  begin(): void {
    this.#zero = this.#options.zero ?? this.#clock.now();
    this.recorder.setZero(this.#zero);
    this.#schedule.setZero(this.#zero);
    this.#cancels.add(startHeartbeat(this.#clock, this.#heartbeatLag));
    this.#watch();
    this.#signal?.addEventListener("abort", this.#onStop);
    if (this.#plan.duration !== undefined) this.#later(this.#zero + this.#plan.duration, () => this.#endDuration());
    if (this.#signal?.aborted) return this.#onStop();
    this.#schedule.begin();
    this.#finishIfDone();
  }

  settle(flight: Flight, failure: TransportFailure | undefined, t: number): void {
    flight.over = true;
    this.#flights.delete(flight);
    const spec = this.#plan.requests[flight.request]!;
    const asked = promptTokens(spec);
    this.recorder.finish(flight.request, flight.reader, failure, asked, t);
    const { usage, tokenChunks } = flight.reader;
    const used = usage.output > 0 ? usage.prompt + usage.output : tokenChunks > 0 ? asked + tokenChunks : 0;
    this.#budget.settle(asked + spec.output, used);
    this.#settled++;
    if (failure) this.#failuresInARow++;
    else {
      this.#succeeded++;
      this.#failuresInARow = 0;
    }
    this.#options.onProgress?.(this.#settled, this.#count);
    this.#options.onRequest?.(endedRequest(flight, failure));
    if (this.#succeeded === 0 && this.#failuresInARow >= (this.#options.maxFailures ?? DEFAULT_MAX_FAILURES)) {
      this.#endEarly(
        "failing",
        `${this.#failuresInARow} requests failed before any had succeeded, so no more were sent. ${failure?.message ?? ""}`.trim(),
      );
    }
    if (!this.#ended) this.#startWaiting();
    this.#continueChain(flight, failure);
    this.#finishIfDone();
  }

  mayResend(flight: Flight): boolean {
    const spec = this.#plan.requests[flight.request]!;
    const most = promptTokens(spec) + spec.output;
    if (this.#ended || this.#budget.refusal(most) !== undefined) return false;
    // The tokens of the one that was lost stay reserved by its flight; only one more request goes out.
    this.#budget.send(0);
    this.#resent++;
    return true;
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
    const most = promptTokens(spec) + spec.output;
    const refusal = this.#budget.refusal(most);
    if (refusal !== undefined) return this.#endEarly("budget", refusal);
    const body = this.#conversations.body(request, chain, turn);
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
    this.#budget.send(most);
    if (spec.cancelAfter !== undefined)
      this.#later(now + spec.cancelAfter, () =>
        this.#abort(flight, { kind: "cancelled", message: "The request was cancelled, as the workload asked." }),
      );
    const id = this.#options.requestIds === false ? {} : { id: requestId(this.#options.salt, request) };
    flight.exchange = this.#transport.send({ ...id, path: pathOf(this.#options.shape.api), body }, flight);
  }

  #record(request: number, t: number, tokens: number, kind: number): void {
    if (this.#options.record !== "requests") this.recorder.chunk(request, t, tokens, kind);
  }

  #continueChain(flight: Flight, failure: TransportFailure | undefined): void {
    const { chain, turn } = flight;
    if (!failure && this.#schedule.continues(chain, turn)) {
      this.#conversations.answered(chain, flight.reader.text);
      this.#schedule.nextTurn(chain, turn + 1);
      return;
    }
    this.#conversations.forget(chain);
    this.#schedule.endChain();
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
      for (const flight of [...this.#flights]) {
        const failure = timedOut(flight, now, this.#timeouts);
        if (failure) this.#abort(flight, failure);
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
    if (this.#ended !== undefined) return this.#complete();
    if (this.#waiting.length > 0) return;
    if (this.#durationOver || !this.#schedule.hasMore) this.#complete();
  }

  #complete(): void {
    if (this.#over) return;
    this.#over = true;
    for (const cancel of this.#cancels) cancel();
    this.#signal?.removeEventListener("abort", this.#onStop);
    const { recorder, bytes } = this;
    this.#resolve(
      measuredRun(this.#workload, this.#plan, this.#options, {
        recorder,
        bytes,
        transport: this.#transport.name,
        zero: this.#zero,
        dispatchLag: this.#dispatchLag,
        heartbeatLag: this.#heartbeatLag,
        peakInFlight: this.#peak,
        resent: this.#resent,
        ended: this.#ended,
        durationOver: this.#durationOver,
      }),
    );
  }
}
