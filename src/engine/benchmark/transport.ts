/** What the load generator needs from the world: a way to send a request, a clock, and a way to be stopped. */

/** One request as it goes on the wire. The address, the key and other headers belong to the transport alone. */
export interface WireRequest {
  /** Sent as X-Request-ID where that costs nothing and the user sets none, so that a server's log can be joined with the Run. Absent: not sent. */
  readonly id?: string;
  /** Path under the target's base URL, such as "/chat/completions". */
  readonly path: string;
  /** JSON text. */
  readonly body: string;
}

/** Where and how an exchange broke before the server could finish its answer. */
export interface TransportFailure {
  readonly kind: FailureKind;
  /** One sentence for a human; never the key, never the URL. */
  readonly message: string;
}

/** Names of everything that can go wrong with one request. */
export type FailureKind =
  | "dns"
  | "refused-connection"
  | "tls"
  | "reset"
  | "network"
  | "redirect"
  | "http"
  | "rate-limited"
  | "unavailable"
  | "unauthorised"
  | "not-found"
  | "error-in-stream"
  | "bad-finish"
  | "client-limit"
  | "cut"
  | "malformed"
  | "empty"
  | "timeout-headers"
  | "timeout-stall"
  | "timeout-total"
  | "cancelled"
  | "stopped";

/**
 * Receives one exchange. Times are in seconds on the same clock as `Clock.now`, and are taken once per socket read,
 * before anything is parsed, so that parsing can't delay a later stamp.
 */
export interface Sink {
  headers(status: number, header: (name: string) => string | undefined, t: number): void;
  /** The bytes are only valid during the call. */
  chunk(bytes: Uint8Array, t: number): void;
  end(t: number): void;
  fail(failure: TransportFailure, t: number): void;
  /** The transport would send the request a second time, since the first was lost with its connection: whether it may. Absent: it may not. */
  mayResend?(): boolean;
}

export interface Exchange {
  /** After abort the sink hears nothing more. */
  abort(): void;
}

/** Push-style, without a promise per chunk: one core has to carry ten thousand chunks a second. */
export interface Transport {
  readonly name: string;
  /** Streams that can be open at once, where the transport has a limit (a browser: 6 per origin on HTTP/1.1). */
  readonly maxStreams?: number;
  /** It sends a request's id as X-Request-ID. */
  readonly sendsIds?: boolean;
  /** The sink is never called before `send` has returned. */
  send(request: WireRequest, sink: Sink): Exchange;
}

export interface Clock {
  /** Seconds, monotonic, from any zero. */
  now(): number;
  /** Calls back at or soon after `time`; returns a function that cancels it. `coarse`: a millisecond or two late does no harm, so don't spend CPU on being punctual. */
  at(time: number, call: () => void, coarse?: boolean): () => void;
}

/** The part of AbortSignal that the engine uses. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
