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

export function statusOf(kind: FailureKind): number {
  if (kind === "cancelled" || kind === "stopped") return CANCELLED;
  if (kind.startsWith("timeout-")) return TIMED_OUT;
  if (kind === "rate-limited" || kind === "unavailable") return REFUSED;
  return FAILED;
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
    this.#promptTokens[i] = reader.usage.prompt > 0 ? reader.usage.prompt : askedPrompt;
    this.#cachedTokens[i] = reader.usage.cached;
    this.#status[i] = failure ? statusOf(failure.kind) : SUCCEEDED;
    if (!failure) return;
    const phase = !Number.isNaN(reader.firstEvent) ? "stream" : Number.isNaN(this.#headers[i]!) ? "connect" : "headers";
    this.#failures.push({ request: i, kind: failure.kind, phase, message: failure.message });
  }

  get failures(): readonly RequestFailure[] {
    return this.#failures;
  }

  /** `keep`: the rows to keep, in order; absent: all. */
  columns(keep?: Uint32Array): { requests: RequestColumns; chunks: ChunkColumns; failures: readonly RequestFailure[] } {
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
    };
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
