/** Collects a measured Run in columns that are allocated before the load starts; nothing is allocated per chunk. */
import { statuses, tokenSources, type ChunkColumns, type RequestColumns, type RequestFailure } from "../run.ts";
import type { StreamReader } from "./stream-reader.ts";
import type { FailureKind, TransportFailure } from "./transport.ts";

const SUCCEEDED = statuses.indexOf("succeeded");
const FAILED = statuses.indexOf("failed");
const CANCELLED = statuses.indexOf("cancelled");
const TIMED_OUT = statuses.indexOf("timedOut");
const REFUSED = statuses.indexOf("refused");
const UNSENT = statuses.indexOf("unsent");
const USAGE = tokenSources.indexOf("usage");
const CHUNKS = tokenSources.indexOf("chunks");
const ASKED = tokenSources.indexOf("asked");
/** No server generates so many tokens in one read: what came so was collected on its way. */
const COLLECTED = 8;

export function statusOf(kind: FailureKind): number {
  if (kind === "cancelled" || kind === "stopped") return CANCELLED;
  if (kind.startsWith("timeout-")) return TIMED_OUT;
  if (kind === "rate-limited" || kind === "unavailable") return REFUSED;
  return FAILED;
}

/** A run's columns, and how many of its answers came in one piece. */
export interface Recorded {
  readonly requests: RequestColumns;
  readonly chunks: ChunkColumns;
  readonly failures: readonly RequestFailure[];
  readonly onePiece: number;
}

/** Times passed in are on the clock's scale; columns count from `zero`. */
export class RunRecorder {
  readonly #count: number;
  #zero = 0;
  readonly scheduled: Float64Array;
  readonly started: Float64Array;
  readonly #headers: Float64Array;
  readonly #firstEvent: Float64Array;
  readonly #first: Float64Array;
  readonly #last: Float64Array;
  readonly #closed: Float64Array;
  readonly #promptTokens: Uint32Array;
  readonly #cachedTokens: Uint32Array;
  readonly #outputTokens: Uint32Array;
  readonly #tokenSource: Uint8Array;
  readonly #promptSource: Uint8Array;
  readonly #visibleTokens: Uint32Array;
  /** Token-bearing chunks of a request whose chunks don't say how many tokens they hold: visibleTokens are spread over them. */
  readonly #spreadOver: Uint32Array;
  readonly #onePiece: Uint8Array;
  readonly #status: Uint8Array;
  readonly #failures: RequestFailure[] = [];
  #chunkCount = 0;
  #t: Float64Array;
  #owner: Uint32Array;
  #tokens: Uint16Array;
  #kind: Uint16Array;

  constructor(count: number, expectedChunks: number) {
    this.#count = count;
    const times = (): Float64Array => new Float64Array(count).fill(NaN);
    this.scheduled = times();
    this.started = times();
    this.#headers = times();
    this.#firstEvent = times();
    this.#first = times();
    this.#last = times();
    this.#closed = times();
    this.#promptTokens = new Uint32Array(count);
    this.#cachedTokens = new Uint32Array(count);
    this.#outputTokens = new Uint32Array(count);
    this.#tokenSource = new Uint8Array(count).fill(CHUNKS);
    this.#promptSource = new Uint8Array(count).fill(ASKED);
    this.#visibleTokens = new Uint32Array(count);
    this.#spreadOver = new Uint32Array(count);
    this.#onePiece = new Uint8Array(count);
    this.#status = new Uint8Array(count).fill(UNSENT);
    const room = Math.max(1024, Math.min(expectedChunks, 8_000_000));
    this.#t = new Float64Array(room);
    this.#owner = new Uint32Array(room);
    this.#tokens = new Uint16Array(room);
    this.#kind = new Uint16Array(room);
  }

  setZero(zero: number): void {
    this.#zero = zero;
  }

  due(i: number, t: number): void {
    this.scheduled[i] = t - this.#zero;
  }

  start(i: number, t: number): void {
    this.started[i] = t - this.#zero;
  }

  headers(i: number, t: number): void {
    this.#headers[i] = t - this.#zero;
  }

  chunk(i: number, t: number, tokens: number, kind: number): void {
    const n = this.#chunkCount;
    if (n === this.#t.length) this.#grow();
    this.#t[n] = t - this.#zero;
    this.#owner[n] = i;
    this.#tokens[n] = tokens > 0xffff ? 0xffff : tokens;
    this.#kind[n] = kind;
    this.#chunkCount = n + 1;
  }

  /** The end of one request: what its reader saw, and the failure if it did not succeed. */
  finish(i: number, reader: StreamReader, failure: TransportFailure | undefined, askedPrompt: number, t: number): void {
    const zero = this.#zero;
    this.#firstEvent[i] = reader.firstEvent - zero;
    this.#first[i] = reader.first - zero;
    this.#last[i] = reader.last - zero;
    this.#closed[i] = t - zero;
    const counted = reader.usage.output > 0;
    this.#tokenSource[i] = counted ? USAGE : CHUNKS;
    this.#outputTokens[i] = counted ? reader.usage.output : reader.tokenChunks;
    this.#promptSource[i] = reader.usage.prompt > 0 ? USAGE : ASKED;
    this.#promptTokens[i] = reader.usage.prompt > 0 ? reader.usage.prompt : askedPrompt;
    const visible = reader.visibleTokens;
    this.#visibleTokens[i] = visible;
    if (!reader.whole && visible > reader.tokenChunks && visible !== reader.chunkTokens)
      this.#spreadOver[i] = reader.tokenChunks;
    if (!failure && reader.onePiece) this.#onePiece[i] = 1;
    this.#cachedTokens[i] = reader.usage.cached;
    this.#status[i] = failure ? statusOf(failure.kind) : SUCCEEDED;
    if (!failure) return;
    const phase = !Number.isNaN(reader.firstEvent) ? "stream" : Number.isNaN(this.#headers[i]!) ? "connect" : "headers";
    this.#failures.push({ request: i, kind: failure.kind, phase, message: failure.message });
  }

  get failures(): readonly RequestFailure[] {
    return this.#failures;
  }

  /** `keep`: the rows to keep, in order; absent: all. Call once, after the last `finish`. */
  columns(keep?: Uint32Array): Recorded {
    const onePiece = this.#forgetFirsts(keep);
    this.#spreadTokens();
    const pick = <T extends Float64Array | Uint32Array | Uint8Array>(column: T): T =>
      keep ? (pickRows(column, keep) as T) : column;
    const count = keep?.length ?? this.#count;
    const rename = keep ? inverse(keep, this.#count) : undefined;
    const owner = this.#owner.slice(0, this.#chunkCount);
    if (rename) for (let n = 0; n < owner.length; n++) owner[n] = rename[owner[n]!]!;
    return {
      requests: {
        count,
        scheduled: pick(this.scheduled),
        started: pick(this.started),
        headers: pick(this.#headers),
        firstEvent: pick(this.#firstEvent),
        first: pick(this.#first),
        last: pick(this.#last),
        closed: pick(this.#closed),
        promptTokens: pick(this.#promptTokens),
        cachedTokens: pick(this.#cachedTokens),
        outputTokens: pick(this.#outputTokens),
        tokenSource: pick(this.#tokenSource),
        promptSource: pick(this.#promptSource),
        visibleTokens: pick(this.#visibleTokens),
        status: pick(this.#status),
        preemptions: new Uint16Array(count),
        replica: new Uint16Array(count),
      },
      chunks: {
        t: this.#t.slice(0, this.#chunkCount),
        request: owner,
        tokens: this.#tokens.slice(0, this.#chunkCount),
        kind: this.#kind.slice(0, this.#chunkCount),
      },
      failures: rename ? this.#failures.map((f) => ({ ...f, request: rename[f.request]! })) : this.#failures,
      onePiece,
    };
  }

  /**
   * Takes back the time of the first token where it is only the time at which a whole answer was handed over: where the answer is too long
   * to have been generated in one read, or where more than half of the answers of several tokens came so. A short answer that a fast server
   * and one late read put together now and then keeps it. Returns how many came in one piece.
   */
  #forgetFirsts(keep: Uint32Array | undefined): number {
    let severalTokens = 0;
    let pieces = 0;
    const rows = keep ?? this.#status.keys();
    for (const i of rows) {
      if (this.#status[i] !== SUCCEEDED || this.#outputTokens[i]! < 2) continue;
      severalTokens++;
      pieces += this.#onePiece[i]!;
    }
    for (let i = 0; i < this.#count; i++) {
      if (this.#onePiece[i] === 0 || (pieces * 2 <= severalTokens && this.#outputTokens[i]! < COLLECTED)) continue;
      this.#first[i] = NaN;
      this.#firstEvent[i] = NaN;
    }
    return pieces;
  }

  /** As even as can be, over the chunks of each request whose chunks don't say what they hold. */
  #spreadTokens(): void {
    const seen = new Uint32Array(this.#count);
    for (let n = 0; n < this.#chunkCount; n++) {
      const i = this.#owner[n]!;
      const over = this.#spreadOver[i]!;
      if (over === 0 || this.#tokens[n] === 0) continue;
      const k = seen[i]++;
      const all = this.#visibleTokens[i]!;
      // The product first: a share that is rounded would lose a token at the end.
      this.#tokens[n] = Math.min(0xffff, Math.floor(((k + 1) * all) / over) - Math.floor((k * all) / over));
    }
  }

  #grow(): void {
    const room = this.#t.length * 2;
    this.#t = grown(this.#t, new Float64Array(room));
    this.#owner = grown(this.#owner, new Uint32Array(room));
    this.#tokens = grown(this.#tokens, new Uint16Array(room));
    this.#kind = grown(this.#kind, new Uint16Array(room));
  }
}

function grown<T extends Float64Array | Uint32Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function pickRows<T extends Float64Array | Uint32Array | Uint8Array>(column: T, keep: Uint32Array): T {
  const picked = column.slice(0, keep.length) as T;
  for (let k = 0; k < keep.length; k++) picked[k] = column[keep[k]!]!;
  return picked;
}

function inverse(keep: Uint32Array, count: number): Uint32Array {
  const rename = new Uint32Array(count);
  for (let k = 0; k < keep.length; k++) rename[keep[k]!] = k;
  return rename;
}
