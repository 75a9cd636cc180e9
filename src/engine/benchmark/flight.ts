/** One request in flight: hands what its transport reports to its reader, and its end to the load. */
import type { Chain } from "./plan.ts";
import type { RunRecorder } from "./run-recorder.ts";
import type { StreamReader } from "./stream-reader.ts";
import type { Exchange, Sink, TransportFailure } from "./transport.ts";

/** The load that a request belongs to. */
export interface FlightOwner {
  readonly recorder: RunRecorder;
  /** Bytes received so far, over all requests. */
  bytes: number;
  /** Whether the plan's limits allow the request to be sent a second time; counts it if so. */
  mayResend(flight: Flight): boolean;
  /** Called once, when the request is over. */
  settle(flight: Flight, failure: TransportFailure | undefined, t: number): void;
}

export class Flight implements Sink {
  readonly request: number;
  readonly chain: Chain;
  readonly turn: number;
  readonly reader: StreamReader;
  readonly startedAt: number;
  exchange: Exchange | undefined;
  lastHeard: number;
  answered = false;
  over = false;
  readonly #owner: FlightOwner;

  constructor(
    owner: FlightOwner,
    request: number,
    chain: Chain,
    turn: number,
    startedAt: number,
    reader: StreamReader,
  ) {
    this.#owner = owner;
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
    this.reader.headers(status, header);
    this.#owner.recorder.headers(this.request, t);
  }

  chunk(bytes: Uint8Array, t: number): void {
    if (this.over) return;
    this.lastHeard = t;
    this.#owner.bytes += bytes.length;
    this.reader.push(bytes, t);
  }

  end(t: number): void {
    if (this.over) return;
    this.reader.end(t);
    this.#owner.settle(this, this.reader.outcome(), t);
  }

  mayResend(): boolean {
    return !this.over && this.#owner.mayResend(this);
  }

  /** An error after a complete answer (a reset that follows [DONE]) takes nothing away from it. */
  fail(failure: TransportFailure, t: number): void {
    if (this.over) return;
    this.reader.end(t);
    const complete = this.reader.done && this.reader.outcome() === undefined;
    this.#owner.settle(this, complete ? undefined : (this.reader.refusal() ?? failure), t);
  }
}
